"""The tool a model may use is made from the operations: nothing is missing and nothing is made up."""

import json

from saycut.language import data
from saycut.operations.catalogue import OPERATIONS
from saycut.planner.tool import NAME, tool


def test_every_operation_is_in_the_schema_with_its_arguments() -> None:
    function = tool()["function"]
    parameters = function["parameters"]
    steps = parameters["properties"]["steps"]["items"]["anyOf"]
    named = {step["properties"]["op"]["const"]: step["properties"]["args"] for step in steps}

    assert function["name"] == NAME
    assert set(named) == {*OPERATIONS, "undo", "redo", "unsupported"}
    for name, kind in OPERATIONS.items():
        shape = parameters["$defs"][named[name]["$ref"].removeprefix("#/$defs/")]
        assert set(shape["properties"]) == set(kind.__struct_fields__)
        assert shape["additionalProperties"] is False


def test_the_features_are_those_that_can_be_answered_in_words() -> None:
    steps = tool()["function"]["parameters"]["properties"]["steps"]["items"]["anyOf"]
    unsupported = next(step for step in steps if step["properties"]["op"]["const"] == "unsupported")
    feature = unsupported["properties"]["args"]["properties"]["feature"]

    assert feature["enum"] == list(data.table("unsupported.toml"))


def test_it_is_plain_json() -> None:
    assert json.loads(json.dumps(tool())) == tool()
