"""The grammar of declared fields: which values of a submission are somebody's money, and how they are found."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Literal, Self

import jmespath
from jmespath.exceptions import JMESPathError
from pydantic import Field, model_validator

from guard.closed import Closed
from guard.core.payload import FieldKind
from guard.grammar import Parameters, Pattern, Text, Words
from guard.query import possibly


class Body(StrEnum):
    """How a submission carries a field."""

    FORM = "form"
    """A form, urlencoded or multipart; of a GET, its query."""
    JSON = "json"


class FieldRule(Closed):
    """A field of a submission that says whose money it is, or where it goes."""

    path: Pattern
    """Regular expression over the whole path of the submission, without query."""
    query: Parameters = Field(default={})
    """Parameters that the address must have as well, as in the rules of requests."""
    name: Text
    """Name of the form field; in JSON, a JMESPath expression such as account.holder."""
    kind: FieldKind
    """What it is: account_holder, payment_id or account_number."""
    body: Body = Body.FORM
    """How it is sent: form or json."""
    optional: bool = False
    """Whether a submission may lack it, or leave it empty; otherwise such a submission is stopped."""
    charset: Literal["utf-8", "shift_jis", "euc-jp"] = "utf-8"
    """Charset of the form, as its page has it: utf-8, shift_jis or euc-jp."""
    title: Words | None = None
    """What staff and citizens call it; without it, the general word for its kind."""

    @model_validator(mode="after")
    def _is_written_right(self) -> Self:
        if self.body is Body.JSON:
            try:
                jmespath.compile(self.name)
            except JMESPathError:
                msg = f"{self.name!r} is no JMESPath expression"
                raise ValueError(msg) from None
        return self

    def covers(self, path: str, query: str = "") -> bool:
        """Whether the field is looked for in a submission to this address, as any server may read it."""
        return re.fullmatch(self.path, path) is not None and possibly(self.query, query)
