"""A client that was generated from the OpenAPI document leads a rental through its life."""

import os

from ringer_client import AuthenticatedClient
from ringer_client.api.control import advance_clock, get_report, put_sandbox
from ringer_client.api.partner import cancel_number, get_numbers, get_sms, rent_number
from ringer_client.models import (
    Advance,
    CancelNumberRequest,
    Cancelled,
    ClockFields,
    ClockMode,
    Country,
    Error,
    NewSandbox,
    Numbers,
    Received,
    Rented,
    RentNumberForm,
    RentNumberMultipart,
    RentNumberRequest,
)

KEY = "generated-python"
client = AuthenticatedClient(base_url=os.environ["RINGER_URL"], token=os.environ["RINGER_ADMIN_TOKEN"])

wanted = NewSandbox(scenario="happy-path", clock=ClockFields(mode=ClockMode.FROZEN))
made = put_sandbox.sync(KEY, client=client, body=wanted)
assert made.scenario == "happy-path", made

offer = get_numbers.sync(client=client, api_key=KEY, country=Country.DE)
assert isinstance(offer, Numbers) and offer.numbers[0].available > 0, offer

for body in (RentNumberForm, RentNumberMultipart):
    rented = rent_number.sync(client=client, body=body(api_key=KEY, country=Country.GB))
    assert isinstance(rented, Rented), rented
rented = rent_number.sync(client=client, body=RentNumberRequest(api_key=KEY, country=Country.DE))
assert isinstance(rented, Rented), rented

for _ in range(10):
    received = get_sms.sync(client=client, api_key=KEY, rental_id=rented.rental_id)
    assert isinstance(received, Received), received
    if received.messages:
        break
    moved = advance_clock.sync(KEY, client=client, body=Advance(by="4s"))
assert received.messages[0].text and moved.fired, received

done = cancel_number.sync(client=client, body=CancelNumberRequest(api_key=KEY, rental_id=rented.rental_id))
assert isinstance(done, Cancelled) and done.refund_amount == 0, done

refused = get_sms.sync(client=client, api_key=KEY, rental_id="rent_1")
assert isinstance(refused, Error) and refused.code == "RENTAL_NOT_FOUND", refused

report = get_report.sync(KEY, client=client)
assert report.audit.rentals == 3 and report.audit.sold >= 1, report
print("the Python client went through the whole life of a rental")
