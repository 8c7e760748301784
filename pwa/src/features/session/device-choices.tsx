import { useSignal } from '@preact/signals';
import { explain } from '../../api';
import { t } from '../../app/t';
import { setTheme, theme, THEMES } from '../../app/theme';
import { LANGUAGES, language, setLanguage, type Language } from '../../i18n';
import { Choice, FormProblem } from '../../ui';
import { Failure } from '../../api';

/** Language and colours, which hold at once and stay on this device. */
export function DeviceChoices({ quiet = false }: { quiet?: boolean }) {
  const failed = useSignal(false);
  const choose = (next: Language) =>
    setLanguage(next)
      .then(() => (failed.value = false))
      .catch(() => (failed.value = true));
  return (
    <div class="row wrap">
      <Choice
        label={t().language}
        quiet={quiet}
        value={language.value}
        options={LANGUAGES.map((value) => ({ value, label: t().languages[value] }))}
        onValue={(next) => void choose(next)}
      />
      <Choice
        label={t().theme}
        quiet={quiet}
        value={theme.value}
        options={THEMES.map((value) => ({ value, label: t().themes[value] }))}
        onValue={setTheme}
      />
      {failed.value && <FormProblem explained={explain(new Failure('offline'))} />}
    </div>
  );
}
