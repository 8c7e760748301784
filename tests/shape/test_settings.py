"""Every setting is explained, where whoever runs an installation looks for it."""

from app import config
from tests.shape.source import ROOT


def test_the_document_of_the_settings_is_up_to_date() -> None:
    assert (ROOT / "docs" / "settings.md").read_text() == config.document(), "write it again: python -m app.config > docs/settings.md"


def test_every_setting_says_what_it_decides() -> None:
    assert [name for name, field in config.Settings.model_fields.items() if len(field.description or "") < 10] == []
