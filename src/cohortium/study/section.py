"""What every section of the study file has in common, and the forms of its names."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

NAME = r"^[A-Za-z][A-Za-z0-9_-]*$"
VARIABLE_NAME = r"^[a-z][a-z0-9_]*$"
PRINTED = r"^\S(?:[\s\S]*\S)?$"

Name = Annotated[str, Field(pattern=NAME, max_length=64)]
VariableName = Annotated[str, Field(pattern=VARIABLE_NAME, max_length=64)]
Printed = Annotated[str, Field(min_length=1, pattern=PRINTED)]
Expression = Annotated[str, Field(min_length=1, max_length=2000)]


class Section(BaseModel):
    """A section of the study file: frozen, and an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)
