"""What accounts does for others, most of it: a domain above imports from here, or from the module that holds the rest. Never queries or models."""

from app.accounts.lists import PeopleFilter, Window
from app.accounts.service.devices import get_device, passphrase_of
from app.accounts.service.groups import (
    groups_of_people,
    memberships_of_people,
    people_in_group,
    people_in_groups,
    require_groups,
    require_listed_groups,
    rules_of_groups,
)
from app.accounts.service.hot import DEVICE_OF_TOKEN, DeviceFacts, device_of, groups_of, groups_sql, note_health
from app.accounts.service.identity import AccountsIdentity
from app.accounts.service.organizations import (
    CreatedOrganization,
    NewOrganization,
    create_operator,
    create_organization,
    get_organization,
    next_organization_id,
)
from app.accounts.service.people import (
    Contact,
    contacts_of,
    everybody,
    get_person,
    list_people,
    names_as_text,
    names_of,
    people_of_ids,
    people_of_rule_leaf,
    people_of_telephone,
    people_with_roles,
    person_of_number,
    share_an_address,
    still_here,
)
from app.accounts.service.sessions import forget_ended
from app.accounts.service.sites import get_site, require_site

__all__ = [
    "DEVICE_OF_TOKEN",
    "AccountsIdentity",
    "Contact",
    "CreatedOrganization",
    "DeviceFacts",
    "NewOrganization",
    "PeopleFilter",
    "Window",
    "contacts_of",
    "create_operator",
    "create_organization",
    "device_of",
    "everybody",
    "forget_ended",
    "get_device",
    "get_organization",
    "get_person",
    "get_site",
    "groups_of",
    "groups_of_people",
    "groups_sql",
    "list_people",
    "memberships_of_people",
    "names_as_text",
    "names_of",
    "next_organization_id",
    "note_health",
    "passphrase_of",
    "people_in_group",
    "people_in_groups",
    "people_of_ids",
    "people_of_rule_leaf",
    "people_of_telephone",
    "people_with_roles",
    "person_of_number",
    "require_groups",
    "require_listed_groups",
    "require_site",
    "rules_of_groups",
    "share_an_address",
    "still_here",
]
