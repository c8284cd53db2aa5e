"""What does a complaint of the CFPB's export become here? One documented rule (docs/cfpb-mapping.md), no state.

Everything that is chosen is chosen by a stable hash of what stands in the row, so a row becomes the same submission
on every machine, in both layouts of the export, today and next year.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Any

from slkt.people import People

RUPIAH_PER_DOLLAR = 16_000  # fixed, so that the same row has the same loss for ever
STORY_LIMIT = 20_000  # characters a submission's text may have

# Product of the export (lower case) → our product, sectors of the firm. All names in use since 2011.
BANKS = ("bank", "bank_daerah")
LENDERS = ("bank", "fintech_lending", "multifinance")
PRODUCTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "mortgage": ("mortgage", BANKS),
    "checking or savings account": ("savings", BANKS),
    "bank account or service": ("savings", BANKS),
    "credit card": ("credit_card", ("bank",)),
    "credit card or prepaid card": ("credit_card", ("bank",)),
    "prepaid card": ("digital_wallet", ("bank",)),
    "money transfers": ("money_transfer", BANKS),
    "money transfer, virtual currency, or money service": ("money_transfer", BANKS),
    "virtual currency": ("securities_brokerage", ("securities",)),
    "student loan": ("student_loan", ("fintech_lending",)),
    "vehicle loan or lease": ("vehicle_financing", ("multifinance",)),
    "consumer loan": ("personal_loan", ("bank", "multifinance")),
    "payday loan": ("p2p_lending", ("fintech_lending",)),
    "payday loan, title loan, or personal loan": ("p2p_lending", ("fintech_lending",)),
    "payday loan, title loan, personal loan, or advance loan": ("p2p_lending", ("fintech_lending",)),
    "debt collection": ("p2p_lending", ("fintech_lending",)),
    "debt or credit management": ("credit_information", LENDERS),
    "credit reporting": ("credit_information", LENDERS),
    "credit reporting or other personal consumer reports": ("credit_information", LENDERS),
    "credit reporting, credit repair services, or other personal consumer reports": ("credit_information", LENDERS),
    "other financial service": ("other_product", BANKS),
}
# The sub-product is more exact where it says one of these. First match wins; "products" limits where it is asked.
SUB_PRODUCTS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    (r"checking", "current_account", BANKS),
    (r"\bcd\b|certificate of deposit", "time_deposit", BANKS),
    (r"wallet|prepaid|gift|government benefit|payroll card", "digital_wallet", ("bank",)),
    (r"virtual currency|foreign currency", "securities_brokerage", ("securities",)),
    (r"lease", "leasing", ("multifinance",)),
    (r"vehicle|\bauto\b|title loan", "vehicle_financing", ("multifinance",)),
    (r"mortgage|home equity", "mortgage", BANKS),
    (r"credit card|charge card", "credit_card", ("bank",)),
    (r"student loan", "student_loan", ("fintech_lending",)),
    (r"payday", "p2p_lending", ("fintech_lending",)),
    (r"line of credit|installment|personal loan", "personal_loan", ("bank", "multifinance")),
)
# Issue and sub-issue of the export → our issue. First match wins; nothing matched is `other_issue`.
ISSUES: tuple[tuple[str, str], ...] = (
    (r"identity theft protection|credit monitoring|fraud alerts", "customer_service"),
    (r"communication tactics|threaten|took or |false statement|improper contact", "collector_behaviour"),
    (r"not owed|verification of debt|written notification|sale of account", "debt_not_owed"),
    (r"identity theft|embezzlement|didn't apply for|unsolicited", "identity_misuse"),
    (r"improper use of (your|my)|privacy|sharing of info", "data_misuse"),
    (r"incorrect information|credit report|credit score|investigation", "slik_record"),
    (r"fraud or scam|^fraud", "fraud"),
    (r"unauthorized|purchase shown|billing dispute|charging your account|stop charges", "unauthorised_transaction"),
    (r"wasn't credited|not credited|when promised|delay", "late_transaction"),
    (r"making payments|other transaction|transaction issue|purchase or transfer|adding money", "failed_transaction"),
    (r"deposits and withdrawals|using a debit|trouble using", "failed_transaction"),
    (r"struggling|unable to pay|can't repay|loan modification|bankruptcy|forbearance", "restructuring"),
    (r"interest|\bapr\b", "interest"),
    (r"\bfees?\b|funds being low|overdraft|settlement process|overlimit|cash advance", "fees"),
    (r"payoff|end of the loan|repossess|foreclos", "collateral"),
    (r"clos(ing|e|ed) (an|your|the)? ?account|closing/cancel|closing a", "account_closure"),
    (r"payment|servicing|escrow|lender or servicer|managing the l|repaying|delinquent", "repayment"),
    (
        r"appl(y|ication|ying)|getting|credit decision|underwriting|credit determination|shopping|taking out",
        "application",
    ),
    (r"managing|opening|account terms|credit limit|line increase", "account_management"),
    (r"advertising|marketing|misleading|rewards", "mis_selling"),
    (r"disclos|terms|billing statement|protection", "terms_disclosure"),
    (r"customer service|contact lender|arbitration", "customer_service"),
)
DEMANDS = {
    "slik_record": "Correct the record and confirm it in writing",
    "debt_not_owed": "Stop collecting a debt that is not mine",
    "collector_behaviour": "Stop this way of collecting",
    "restructuring": "Offer terms that I can keep",
    "data_misuse": "Say who got my data and stop passing it on",
}
PUT_RIGHT = "Look into it and put it right"
# Where consumers live: of 1,000 complaints Java 694, Sumatra 157, Sulawesi 65, Bali-NT 38, Kalimantan 34, Papua 12.
PROVINCES = tuple(
    province
    for provinces, weight in (
        (("31", "32", "33", "34", "35", "36"), 116),
        (("11", "12", "13", "14", "15", "16", "17", "18", "19", "21"), 16),
        (("71", "72", "73", "74"), 16),
        (("51", "52", "53"), 13),
        (("61", "62", "63", "64", "65"), 7),
        (("81", "82", "91", "92"), 3),
    )
    for province in provinces
    for _ in range(weight)
)


class UnknownProduct(ValueError):
    """The export names a product that no rule maps."""


@dataclass(frozen=True)
class Firm:
    """A firm of the directory, by its code."""

    code: str
    name: str
    sector: str


def submission(
    identity: str, row: Mapping[str, str], received: date, sent: date | None, firms: Sequence[Firm], people: People
) -> dict[str, Any]:
    """The submission `data` of one row, whose dates are already read. UnknownProduct if no rule maps its product."""
    product, sectors = _product(row["product"], row["sub-product"])
    issue = _issue(row["issue"], row["sub-issue"])
    loss = _loss(row["consumer complaint narrative"])
    firm = _firm(row, product, sectors, firms)
    region = _province(f"{row['state']}/{row['zip code']}") if row["state"] else None
    consumer = people.consumer(
        Random(f"cfpb/{identity}"), re.sub(r"[^a-z0-9]", "", identity.lower()), region or _province(identity)
    )
    outcome = row["company response to consumer"] or "no response yet"
    return {
        "kind": "complaint",
        "pujk": {"name": firm.name, "code": firm.code},
        "product": product,
        "issue": issue,
        "region": region,
        "loss": loss,
        "transaction_date": received.isoformat(),
        "demands": [{"amount": loss}],
        "brought_to_pujk": {"on": sent.isoformat(), "how": "sent on by the CFPB", "outcome": outcome} if sent else None,
        "in_court": False,
        "consent": True,
        "language": "en",
        "tell_by": "email",
        "private": {
            "consumer": consumer,
            "story": _story(row),
            "demands": ["Refund what I lost" if loss else DEMANDS.get(issue, PUT_RIGHT)],
        },
    }


def _product(product: str, sub_product: str) -> tuple[str, tuple[str, ...]]:
    known = PRODUCTS.get(product.casefold())
    if known is None:
        raise UnknownProduct(f"unknown product {product!r}; docs/cfpb-mapping.md lists the {len(PRODUCTS)} known ones")
    if known[0] == "credit_information":  # its sub-products name kinds of reports, not what was lent
        return known
    for pattern, code, sectors in SUB_PRODUCTS:
        if re.search(pattern, sub_product.casefold()):
            return code, sectors
    return known


def _issue(issue: str, sub_issue: str) -> str:
    for said in (issue.casefold(), sub_issue.casefold()):
        for pattern, code in ISSUES:
            if said and re.search(pattern, said):
                return code
    return "other_issue"


def _firm(row: Mapping[str, str], product: str, sectors: Sequence[str], firms: Sequence[Firm]) -> Firm:
    fitting = sorted((firm for firm in firms if firm.sector in sectors), key=lambda firm: firm.code) or list(firms)
    said = re.sub(r"[^a-z0-9]+", " ", row["company"].casefold()).strip()
    if product == "credit_information":  # the company is a bureau; the lender that reported is not named
        said += f"/{row['state']}{row['zip code']}"
    return fitting[_number(said) % len(fitting)]


def _story(row: Mapping[str, str]) -> str:
    told = row["consumer complaint narrative"].strip()
    if len(told) > STORY_LIMIT:
        note = f"\n\n[Cut: the narrative has {len(told)} characters.]"
        return told[: STORY_LIMIT - len(note)] + note
    if told:
        return told
    about = " – ".join(part for part in (row["product"], row["sub-product"]) if part)
    wrong = ": ".join(part for part in (row["issue"], row["sub-issue"]) if part) or "not said"
    return (
        f"I complain about {row['company'].rstrip('.')}. Product: {about}. Issue: {wrong}. "
        f"The company's answer so far: {row['company response to consumer'] or 'none'}. "
        "(The consumer did not publish a narrative; this was put together from the fields of the export.)"
    )


def _loss(narrative: str) -> int | None:
    amounts = re.findall(r"\{\$([\d,]+(?:\.\d+)?)\}", narrative)
    dollars = max((float(amount.replace(",", "")) for amount in amounts), default=0.0)
    return round(dollars * RUPIAH_PER_DOLLAR) or None


def _province(said: str) -> str:
    return PROVINCES[_number(said) % len(PROVINCES)]


def _number(said: str) -> int:
    return int.from_bytes(hashlib.sha256(said.encode()).digest()[:8], "big")
