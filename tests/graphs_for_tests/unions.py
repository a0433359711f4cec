"""Response schemas that are unions of objects: told apart by a verdict, or by something else."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field, RootModel


class Approval(BaseModel):
    decision: Literal["approve"] = "approve"
    text: str
    share: float = 0.5


class Change(BaseModel):
    decision: Literal["edit"]
    text: str
    amount: int = Field(ge=1)
    reviewer: str = ""


class Revision(BaseModel):
    decision: Literal["request_changes"]
    feedback: str


class Refusal(BaseModel):
    decision: Literal["reject"]
    reason: str
    reviewer: str


class Ruled(RootModel[Annotated[Approval | Change | Revision | Refusal, Field(discriminator="decision")]]):
    """As Pydantic writes it, with a discriminator."""


class Granted(BaseModel):
    approved: Literal[True]
    limit: float


class Denied(BaseModel):
    approved: Literal[False]
    note: str = ""


class Card(BaseModel):
    kind: Literal["card"]
    number: str
    reviewer: str = ""


class Cash(BaseModel):
    kind: Literal["cash"]
    amount: float


Paid = Annotated[Card | Cash, Field(discriminator="kind")]
