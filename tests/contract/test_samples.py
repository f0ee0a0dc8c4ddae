"""Every API has samples, and every sample is what it says: accepted, without findings, in the order of the files."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from dstore import apis, samples
from dstore.protocol.api import collect

if TYPE_CHECKING:
    from dstore.protocol.api import Api
    from dstore.samples import Sample
    from harness.platform import Platform

APIS = {one.path: one for one in collect(apis).values()}
FAMILIES = sorted({one.family for one in samples.all()})


def api_of(sample: Sample) -> Api:
    [one] = [one for one in APIS.values() if sample in samples.of(one)]
    return one


@pytest.mark.parametrize("path", APIS)
def test_every_api_has_a_sample(path: str) -> None:
    assert samples.of(APIS[path]), f"add src/dstore/samples/{path.split('/')[2]}/<number>-{APIS[path].name}.<name>.json"


@pytest.mark.parametrize("family", FAMILIES)
def test_the_samples_of_a_family_succeed_one_after_another(platform: Platform, family: str) -> None:
    for sample in samples.all():
        if sample.family == family:
            answer = platform.call(api_of(sample).path, sample.compact)
            assert answer.result == {"resultCode": "SUCCESS", "resultStatus": "S", "resultMessage": "success"}, (
                sample.name
            )


@pytest.mark.parametrize("sample", samples.all(), ids=lambda one: f"{one.family}-{one.api}.{one.name}")
def test_the_dry_run_finds_nothing_but_the_warnings_a_sample_announces(sample: Sample) -> None:
    found = api_of(sample).findings(sample.compact)
    assert [one.sentence for one in found if one.is_error] == []
    assert sorted(one.rule for one in found) == sorted(sample.warnings)


def test_the_text_of_a_sample_is_the_message_itself() -> None:
    for sample in samples.all():
        assert json.loads(sample.text) == json.loads(sample.compact) == sample.body


def test_no_two_samples_of_an_api_share_a_name_or_a_request_id() -> None:
    names = [(one.family, one.api, one.name) for one in samples.all()]
    requests = [(one.family, one.api, one.body["requestId"]) for one in samples.all() if "requestId" in one.body]
    assert len(set(names)) == len(names)
    assert len(set(requests)) == len(requests)


def test_the_samples_show_every_scene_of_business_rules() -> None:
    text = b"".join(one.compact for one in samples.all()).decode()
    assert set(re.findall(r'"scene":"([A-Z_]+)","ruleData"', text)) == {
        "DELIVERY_DISTANCE",
        "DELIVERY_SCHEDULE",
        "PICKUP_RULE",
        "PICKUP_SCHEDULE",
        "DINE_IN_ORDER",
        "DINE_IN_SCHEDULE",
        "PRICE_SCHEDULE",
        "ITEM_STATUS_RULE",
        "SKU_STATUS_RULE",
    }
