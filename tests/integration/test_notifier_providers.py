"""Other ways than mail, by real receivers: one that takes it, and ones that are down, slow, refusing, throttling."""

import asyncio
import logging
from collections.abc import Callable

import pytest
from chassis.receivers import Away
from chassis.refusals import Unavailable
from kit.receiver import NEVER, Receiver, receiving
from notifier.adapters.providers import THREADS, NotTaken, Provider
from notifier.adapters.ways import ByWay
from notifier.domain.mails import Addressee
from notifier.ports import Letter
from slkt_local.ports import free_ports

NUMBER = "+6281234567890"
TEXT = "OJK P 5043 8121 7730 4: layanan Anda selesai."


def a_letter() -> Letter:
    return Letter("id-1", "5043812177304", Addressee("Siti", NUMBER), "id", "OJK", TEXT, tells=("id-1",))


async def test_what_is_handed_over_arrives_with_its_text_at_its_number() -> None:
    with receiving(200) as receiver:
        provider = Provider("sms", receiver.url())
        await provider.send(a_letter())
        await provider.close()
        assert receiver.got == [(NUMBER, TEXT)]


@pytest.mark.parametrize("says_no", [400, 403, 429, 500, 503])
async def test_a_no_is_no_delivery_and_the_next_try_may_be_taken(
    says_no: int, caplog: pytest.LogCaptureFixture
) -> None:
    with receiving(says_no, 200) as receiver:
        provider = Provider("sms", receiver.url())
        with caplog.at_level(logging.DEBUG), pytest.raises(NotTaken):
            await provider.send(a_letter())
        await provider.send(a_letter())
        await provider.close()
        assert len(receiver.got) == 2
    assert NUMBER not in caplog.text and "rahasia" not in caplog.text


async def test_a_receiver_that_is_down_is_no_delivery() -> None:
    provider = Provider("push", Receiver([200], free_ports(1)[0]).url())
    with pytest.raises(NotTaken):
        await provider.send(a_letter())
    await provider.close()


async def test_a_receiver_that_never_answers_keeps_nobody_waiting() -> None:
    with receiving(NEVER) as silent, receiving(200) as prompt:
        slow, quick = Provider("whatsapp", silent.url("?rto=1")), Provider("sms", prompt.url())
        tries = [asyncio.create_task(slow.send(a_letter())) for _ in range(THREADS)]
        await quick.send(a_letter())
        assert not any(one.done() for one in tries), "the loop turns, and the other way goes on"
        found = await asyncio.gather(*tries, return_exceptions=True)
        assert {type(one) for one in found} == {NotTaken}
        await slow.close()
        await quick.close()


@pytest.mark.parametrize("url", ["json://127.0.0.1/send", "nobody-knows://{to}", "none/{to}"])
def test_what_is_no_address_of_a_provider_is_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(ValueError, match="the provider of sms must be an Apprise URL") as refused:
        Provider("sms", url)
    assert url not in str(refused.value)


class Gone:
    def __init__(self, error: Callable[[], Exception]) -> None:
        self._error = error

    async def send(self, letter: Letter) -> None:
        raise self._error()

    async def close(self) -> None:
        pass


async def test_a_mail_server_that_is_away_stops_mail_alone_where_there_are_other_ways() -> None:
    gone = Gone(lambda: Unavailable("mail server: ConnectionRefusedError"))
    with pytest.raises(Unavailable):
        await ByWay(gone, {}).send("email", a_letter())
    with receiving(200) as receiver:
        both = ByWay(gone, {"sms": Provider("sms", receiver.url())})
        with pytest.raises(Away):
            await both.send("email", a_letter())
        await both.send("sms", a_letter())
        await both.close()
        assert len(receiver.got) == 1
