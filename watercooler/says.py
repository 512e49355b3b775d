"""What one connection says: how fast, and what it has to take back when it leaves.

No I/O: the caller brings the time, in seconds, and passes on what it is given.
"""

from __future__ import annotations

from dataclasses import replace

from watercooler.frames import Say

SAYS_A_SECOND = 10
SUBJECTS_AT_MOST = 64  # of one connection, which drags one card or edits one at a time

Subject = tuple[int, str, str]  # board, kind, key


class Says:
    """The last word of one connection on each subject."""

    __slots__ = ("_count", "_second", "_standing", "_waiting", "user")

    def __init__(self, user: int) -> None:
        self.user = user
        self._second = 0.0  # when the one that is counted began
        self._count = 0
        self._standing: dict[Subject, Say] = {}  # said, and not taken back
        self._waiting: dict[Subject, Say] = {}  # the latest of each subject, for the next second

    def say(self, say: Say, *, now: float) -> list[Say]:
        """Take a word, and give what is passed on now: it, or nothing."""
        if not self._is_of_use(say):
            self._waiting.pop(_subject(say), None)
            return []
        self._waiting[_subject(say)] = say
        return self.due(now)

    def due(self, now: float) -> list[Say]:
        """Give what waited and may be passed on now."""
        if now - self._second >= 1:
            self._second, self._count = now, 0
        subjects = list(self._waiting)[: SAYS_A_SECOND - self._count]
        self._count += len(subjects)
        return [self._passed_on(self._waiting.pop(subject)) for subject in subjects]

    def wait(self, now: float) -> float | None:
        """Say in how many seconds something is due; None if nothing waits."""
        return max(self._second + 1 - now, 0) if self._waiting else None

    def leave(self, board: int) -> list[Say]:
        """Give what takes back everything said on this board."""
        self._waiting = {subject: say for subject, say in self._waiting.items() if say.board != board}
        words = [say for say in self._standing.values() if say.board == board]
        return [self._passed_on(replace(say, what=None)) for say in words]

    def _is_of_use(self, say: Say) -> bool:
        """Refuse to take back what nobody was told, and more subjects than may wait."""
        if say.what is None:
            return _subject(say) in self._standing
        return _subject(say) in self._waiting or len(self._waiting) < SUBJECTS_AT_MOST

    def _passed_on(self, say: Say) -> Say:
        """Remember what has to be taken back; of too many the oldest is left to fade."""
        self._standing.pop(_subject(say), None)
        if say.what is not None:
            self._standing[_subject(say)] = say
        if len(self._standing) > SUBJECTS_AT_MOST:
            del self._standing[next(iter(self._standing))]
        return say


def _subject(say: Say) -> Subject:
    return say.board, say.kind, say.key
