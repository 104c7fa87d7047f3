"""Uploads and results in memory: found under their word, gone when their time is over, never more than allowed."""

from __future__ import annotations

import pytest

from esgscan.web.desk import Desk, DeskFullError


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_value_is_found_until_nobody_looked_for_its_time() -> None:
    clock = Clock()
    desk: Desk[str] = Desk(keep=10.0, most=100, clock=clock)
    word = desk.put("portfolio", size=40)
    clock.now = 9.9
    assert desk.find(word) == "portfolio"
    clock.now = 19.8  # its time began anew when it was looked at
    assert desk.find(word) == "portfolio"
    clock.now = 29.8
    assert desk.find(word) is None
    assert desk.size == 0


def test_a_value_that_is_dropped_is_gone_at_once() -> None:
    desk: Desk[str] = Desk(keep=10.0, most=100)
    word = desk.put("portfolio", size=40)
    desk.drop(word)
    assert desk.find(word) is None
    assert desk.size == 0


def test_what_does_not_fit_is_refused_until_something_is_forgotten() -> None:
    clock = Clock()
    desk: Desk[str] = Desk(keep=10.0, most=100, clock=clock)
    word = desk.put("one", size=40)
    desk.resize(word, 70)
    with pytest.raises(DeskFullError):
        desk.put("two", size=31)
    assert desk.put("three", size=30)
    clock.now = 11.0
    assert desk.put("two", size=100)


def test_two_values_lie_under_two_words_that_nobody_can_guess() -> None:
    desk: Desk[str] = Desk(keep=10.0, most=100)
    words = {desk.put("x", size=0) for _ in range(100)}
    assert len(words) == 100
    assert min(map(len, words)) >= 32
