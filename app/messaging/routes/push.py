"""Browsers that take pushes, over HTTP."""

from uuid import UUID

from app import vapid
from app.errors import Conflict, NotFound
from app.messaging import push_subscriptions, push_test
from app.messaging.schemas import PushKey, SubscriptionIn, SubscriptionOut
from app.web.route import Call, Created, Routes

routes = Routes("push")


@routes.get("/push/key", action="push.read")
def read_push_key(call: Call) -> PushKey:
    """The key with which a browser subscribes."""
    return PushKey(public_key=vapid.public_key(call.deps.settings))


@routes.get("/me/push-subscriptions", action="push.read")
def list_subscriptions(call: Call) -> list[SubscriptionOut]:
    """My browsers that take pushes."""
    return [SubscriptionOut.model_validate(row) for row in push_subscriptions.list_own(call.session, call.actor.tenant, _me(call))]


@routes.post("/me/push-subscriptions", action="push.edit", problems=(Conflict, NotFound))
def subscribe(call: Call, body: SubscriptionIn) -> Created[SubscriptionOut]:
    """Take pushes on this browser, as long as it stays signed in. A browser that is known already is answered as it was."""
    new = push_subscriptions.NewSubscription(**body.model_dump())
    return Created(SubscriptionOut.model_validate(push_subscriptions.subscribe(call.session, call.actor, new)))


@routes.delete("/me/push-subscriptions/<uuid:subscription_id>", action="push.edit")
def unsubscribe(call: Call, subscription_id: UUID) -> None:
    """No pushes on this browser any more."""
    push_subscriptions.unsubscribe(call.session, push_subscriptions.get_own(call.session, call.actor.tenant, _me(call), subscription_id))


@routes.post(
    "/me/push-subscriptions/<uuid:subscription_id>/test",
    action="push.edit",
    status=202,
    produces=(),
    limit="10 per minute",
    problems=(Conflict,),
)
def test_push(call: Call, subscription_id: UUID) -> None:
    """Push to this browser, to see that it arrives."""
    found = push_subscriptions.get_own(call.session, call.actor.tenant, _me(call), subscription_id)
    push_test.ask(call.session, found, call.now, call.deps)


def _me(call: Call) -> UUID:
    if call.actor.person_id is None:
        raise NotFound
    return call.actor.person_id
