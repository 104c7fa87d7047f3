"""The OpenAPI description holds: whatever it allows is answered as it says, and nothing makes the server fail."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

if TYPE_CHECKING:
    from schemathesis import Case

FEW = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_every_answer_is_one_that_the_description_tells_of(address: str) -> None:
    schema = schemathesis.openapi.from_url(f"{address}/api/v1/openapi.json")
    operations = [found.ok() for found in schema.get_all_operations()]
    assert {(one.method.upper(), one.path) for one in operations} >= {("POST", "/api/v1/scan"), ("GET", "/health")}
    for operation in operations:

        @FEW
        @given(case=operation.as_strategy())
        def holds(case: Case) -> None:
            # Bytes that the description allows are seldom a portfolio, and are refused as it says.
            case.call_and_validate(excluded_checks=[positive_data_acceptance])

        holds()
