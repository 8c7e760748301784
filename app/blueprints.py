"""The security map: which routes hang where, and who must be calling. There is no other place where a route is attached."""

from typing import Final

from app.accounts.routes import devices, groups, kiosk_pass, members, organization, people, session, sign_in
from app.attendance.routes import corrections, exports, kiosk, pings, presence, punches, shifts, sightings, stays, workdays
from app.geofences.routes import fences, files, policy
from app.messaging.routes import alerts, archive, board, cap, contacts, messages, pages, push, receipts, replies, staffing, templates
from app.messaging.routes import settings as messaging_settings
from app.privacy.routes import instructions, organizations, public, register, statements, switches, windows
from app.visitors.routes import assembly, invitations, roll_calls, rules, set_up, visits, webhooks
from app.visitors.routes import kiosk as visitor_kiosk
from app.visitors.routes import pages as visit_pages
from app.web import basemap, health, openapi, outbox_preview, pwa, readable
from app.web.guards import anonymous, any_of, device, device_basic, device_path, member, metrics, operator
from app.web.mount import Mount
from app.web.openapi import API

TABLE: Final[tuple[Mount, ...]] = (
    Mount(health.routes, "", anonymous),
    Mount(health.metrics_routes, "", metrics),
    Mount(health.csrf_routes, API, anonymous),
    Mount(openapi.routes, API, anonymous),
    Mount(readable.routes, API, anonymous),
    Mount(sign_in.routes, API, anonymous),
    Mount(session.routes, API, any_of(member, operator)),
    Mount(session.switching, API, member),
    Mount(organization.routes, API, member),
    Mount(organization.site_routes, API, member),
    Mount(people.routes, API, member),
    Mount(groups.routes, API, member),
    Mount(members.routes, API, member),
    Mount(devices.routes, API, member),
    Mount(devices.activation, API, anonymous),
    Mount(presence.routes, API, member),
    Mount(stays.routes, API, member),
    Mount(punches.routes, API, any_of(member, device)),
    Mount(punches.reading, API, member),
    Mount(kiosk.place, API, device),
    Mount(kiosk.routes, API, device),
    Mount(kiosk_pass.routes, API, member),
    Mount(shifts.routes, API, any_of(member, device)),
    Mount(workdays.routes, API, member),
    Mount(corrections.routes, API, member),
    Mount(exports.routes, API, member),
    Mount(pings.routes, API, device),
    Mount(sightings.routes, API, device),
    Mount(sightings.own_fences, API, any_of(member, device)),
    Mount(pings.owntracks_routes, API, device_basic),
    Mount(pings.traccar_routes, API, device_path),
    Mount(fences.routes, API, any_of(member, device)),
    Mount(fences.editing, API, member),
    Mount(files.routes, API, member),
    Mount(policy.routes, API, member),
    Mount(public.pages, "", anonymous),
    Mount(public.routes, API, anonymous),
    Mount(statements.routes, API, member),
    Mount(instructions.routes, API, member),
    Mount(switches.routes, API, any_of(member, device)),
    Mount(windows.routes, API, any_of(member, device)),
    Mount(register.routes, API, member),
    Mount(organizations.routes, API, operator),
    Mount(contacts.routes, API, member),
    Mount(push.routes, API, member),
    Mount(templates.routes, API, member),
    Mount(messages.routes, API, member),
    Mount(archive.routes, API, member),
    Mount(messaging_settings.routes, API, member),
    Mount(alerts.routes, API, member),
    Mount(board.routes, API, member),
    Mount(replies.routes, API, member),
    Mount(replies.messages, API, member),
    Mount(staffing.routes, API, member),
    Mount(cap.routes, API, member),
    Mount(pages.routes, "", anonymous),
    Mount(receipts.routes, API, anonymous),
    Mount(basemap.routes, API, member),
    Mount(basemap.file_routes, "", anonymous),
    Mount(outbox_preview.routes, "", anonymous),
    Mount(roll_calls.routes, API, member),
    Mount(assembly.routes, API, member),
    Mount(assembly.pages, "", anonymous),
    Mount(set_up.routes, API, member),
    Mount(visitor_kiosk.routes, API, device),
    Mount(invitations.routes, API, member),
    Mount(visits.routes, API, member),
    Mount(rules.routes, API, member),
    Mount(webhooks.routes, API, member),
    Mount(visit_pages.routes, "", anonymous),
    Mount(pwa.routes, "", anonymous),
)
