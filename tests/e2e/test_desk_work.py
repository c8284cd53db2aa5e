"""Is the desk's work drawn at random, scored once, and told to whoever did it alone; and is what waits counted?"""

import re
from datetime import datetime, timedelta

from chassis.working_days import JAKARTA
from contracts.numbers import shown
from intake.adapters.catalogues import load_cards
from kit.callers import MARK
from kit.desks import Desk, at_desk, refused
from kit.openapi import Now
from kit.running import Suite


def a_call(desk: Desk, story: str) -> str:
    answer = desk.send("/desk/cso/calls", kind="question", name="Komang Arta", phone="081234567890", story=story)
    found = re.search(r'class="secret once nowrap">L ([0-9 ]+)<', answer.text)
    assert found is not None, refused(answer)
    return found[1].replace(" ", "")


def today() -> str:
    return Now().now().astimezone(JAKARTA).date().isoformat()


def drawn(desk: Desk, **but: str) -> tuple[str, list[str]]:
    """Where the sample is, and whom it holds."""
    wanted = {"since": today(), "until": today(), "size": "5", "cso": "cso-1", "kind": "question", "seed": "a-seed"}
    answer = desk.send("/desk/cso/quality", **wanted | but)
    assert answer.status_code == 303, refused(answer)
    place = answer.headers["location"]
    return place, re.findall(rf'href="{place}/([0-9]{{13}})"', desk.look(place).text)


async def test_a_sample_is_drawn_again_scored_once_and_told(running: Suite) -> None:
    said = "Apakah ini berizin?"
    with at_desk(running, "cso", "intake") as cso, at_desk(running, "qa", "intake") as qa:
        made = {a_call(cso, said) for _ in range(6)}
        for one in made:
            assert cso.send(f"/desk/cso/questions/{one}", text="Halo {name}, ya.").status_code == 303
        numbers = drawn(qa)[1]
        assert len(numbers) == 5 and drawn(qa)[1] == numbers
        place, numbers = drawn(qa, size="200")
        mine = next(one for one in numbers if one in made)
        page = qa.look(f"{place}/{mine}").text
        assert said in page and "Halo ***, ya." in page and "Komang" not in page
        points = {f"points-{one.code}": "2" for one in load_cards()[0].criteria}
        short = qa.send(f"{place}/{mine}", **{**points, "points-right": ""})
        assert short.status_code == 422 and "Nilai setiap butir" in refused(short)
        saved = qa.send(f"{place}/{mine}", **{**points, "points-right": "1", "note": "Sebut batas waktunya."})
        assert saved.status_code == 303, refused(saved)
        assert qa.send(f"{place}/{mine}", **points).status_code == 409
        assert mine not in drawn(qa, size="200")[1]
        assert "85" in qa.look("/desk/cso/quality").text
        own = cso.look("/desk/cso/scores").text
        assert "Sebut batas waktunya." in own and "· 85" in own
        assert qa.look("/desk/cso/scores").status_code == 403
        assert cso.look("/desk/cso/quality").status_code == 403
    kept = running.mongo["intake"]["scores"].find_one({"_id": mine})
    assert kept is not None and "Sebut" not in str(kept)


async def test_what_is_asked_for_is_told_where_it_is_wrong(running: Suite) -> None:
    with at_desk(running, "qa", "intake") as qa:
        long_ago = (datetime.fromisoformat(today()) - timedelta(days=200)).date().isoformat()
        assert "hari" in refused(qa.send("/desk/cso/quality", since=long_ago, until=today(), size="5"))
        assert "angka" in refused(qa.send("/desk/cso/quality", since=today(), until=today(), size="0"))


async def test_whoever_answers_several_is_told_which_were_left(running: Suite) -> None:
    with at_desk(running, "cso", "intake") as cso:
        numbers = [a_call(cso, "Kapan buka?") for _ in range(2)]
        assert cso.send(f"/desk/cso/questions/{numbers[0]}", text="Pukul 8.").status_code == 303
        fields = {"csrf": MARK, "once": cso.once(), "sure": "yes", "text": "Pukul 9."}
        told = cso.http.post("/desk/cso/questions", data=fields | {"chosen": numbers})
        assert told.status_code == 409, told.headers
        assert "Terjawab: 1. Tidak dijawab: 1" in refused(told)
        assert shown(numbers[0], "question") in refused(told) and shown(numbers[1], "question") not in refused(told)


async def test_a_supervisor_sees_what_waits_and_who_answered(running: Suite) -> None:
    def counted(text: str) -> dict[str, int]:
        return {what: int(count) for count, what in re.findall(r"<strong>(\d+)</strong><span>([^<]+)</span>", text)}

    with at_desk(running, "cso", "intake") as cso, at_desk(running, "supervisor", "intake") as supervisor:
        before = counted(supervisor.look("/desk/cso/work").text)
        late, number = a_call(cso, "Kapan buka?"), a_call(cso, "Di mana kantornya?")
        past = {"state.answer_by": datetime.fromisoformat("2026-01-05T00:00:00+00:00")}
        running.mongo["intake"]["services"].update_one({"_id": late}, {"$set": past, "$inc": {"version": 1}})
        after = counted(supervisor.look("/desk/cso/work").text)
        assert after["menunggu jawaban"] == before["menunggu jawaban"] + 2
        assert after["lewat batas waktu"] == before["lewat batas waktu"] + 1
        assert late in supervisor.look("/desk/cso/questions?level=over&sort=number").text
        assert number not in supervisor.look("/desk/cso/questions?level=over").text
        assert ">Telepon</td>" in supervisor.look("/desk/cso/questions?level=over").text
        assert "</time> · Telepon" in supervisor.look(f"/desk/cso/questions/{number}").text
        answered = cso.send(f"/desk/cso/questions/{number}", text="Di Jalan Lapangan Banteng, {name}. {sic}")
        assert answered.status_code == 303, refused(answered)
        assert "Komang Arta. {sic}" in cso.look(f"/desk/cso/questions/{number}").text
        again = cso.send(f"/desk/cso/questions/{number}", text="Lagi.")
        assert again.status_code == 409 and "tidak dikirim" in refused(again)
        assert "cso-1" in supervisor.look("/desk/cso/work").text
        assert supervisor.send(f"/desk/cso/questions/{late}", text="Ya.").status_code == 403
