"""The ledger of the sample county, emptied and rebuilt, is the same ledger."""

from __future__ import annotations

import pytest

from gongkai.base.reads import check_chain
from gongkai.demo.county import County
from gongkai.ledger import follow, reads
from gongkai.ledger.models import Duty, Matter


@pytest.mark.django_db
def test_the_county_rebuilt_equals_itself() -> None:
    for _ in County(records=False).load():
        pass
    assert Matter.objects.count() == 119
    assert check_chain() is None
    before = reads.fingerprint()
    settled = Duty.objects.exclude(settled_on=None).count()
    assert settled > 100
    follow.rebuild()
    assert reads.fingerprint() == before
    assert Duty.objects.exclude(settled_on=None).count() == settled
