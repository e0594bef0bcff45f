"""
Answer Terraform's calls as the AWS provider would, without AWS.

https://github.com/hashicorp/terraform/blob/v1.11.4/docs/plugin-protocol/tfplugin6.proto
"""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import count
from pathlib import Path
from threading import Lock
from typing import cast

from tf.gen import tfplugin_pb2 as pb  # pyright: ignore[reportMissingTypeStubs]

from rehearsal.fixtures import Fixtures
from rehearsal.provider.answers import Answers
from rehearsal.provider.faults import Action, Fault, Journal, Operation, World, die
from rehearsal.provider.fitting import upgrade
from rehearsal.provider.forms import IDENTIFYING
from rehearsal.provider.functions import FUNCTIONS, Function
from rehearsal.provider.invented import Inventor, Place
from rehearsal.provider.planning import Planner, Surroundings
from rehearsal.provider.protection import refusal_of_deletion
from rehearsal.provider.wire import (
    empty_schema,
    error,
    paths_message,
    schema_message,
    warning,
)
from rehearsal.resource_types.bindings_schema import SchemaSource
from rehearsal.resource_types.rules import NO_RULES, TypeRules, rules_of
from rehearsal.resource_types.schema import TypeSchema
from rehearsal.resource_types.values import (
    NULL,
    Block,
    decode,
    decode_block,
    encode,
    is_known,
)
from rehearsal.validation.config_checks import Problem, check_config

# Marks what was imported: its arguments are not known, so none of them differs.
IMPORTED = b"imported"


@dataclass(frozen=True)
class ResourceType:
    """
    A resource type, and what its calls need, made when first needed.

    Args:
        schema: the type.
        rules: its rules.
    """

    schema: TypeSchema
    rules: TypeRules

    @cached_property
    def planner(self) -> Planner:
        """
        What plans its changes.
        """
        return Planner(self.schema, self.rules)

    @cached_property
    def inventor(self) -> Inventor:
        """
        What invents its computed values.
        """
        return Inventor(self.schema)


class Provider:
    """
    Answer Terraform's calls.

    Args:
        source: the types.
        types: the names of those that schemas are told of; None for all.
        fixtures: what exists around the configuration.
        scratch: the folder of journal and world.
        fault: where an apply fails. Defaults to nowhere.
    """

    def __init__(
        self,
        source: SchemaSource,
        *,
        types: Collection[str] | None,
        fixtures: Fixtures,
        scratch: Path,
        fault: Fault | None = None,
    ) -> None:
        self._source = source
        self._types = source.known(types) if types is not None else None
        self._fixtures = fixtures
        self._fault = fault
        self._world = World(scratch)
        self._journal = Journal(scratch)
        self._place = Place(fixtures.account_id, fixtures.region)
        self._around = Surroundings(region=fixtures.region)
        self._resources: dict[str, ResourceType] = {}
        self._answers: dict[str, Answers] = {}
        self._invented: Counter[bytes] = Counter()
        self._operations = count(1)
        self._lock = Lock()

    @cached_property
    def _schemas(self) -> pb.GetProviderSchema.Response:
        source = self._source
        types = self._types
        resources = source.resource_names if types is None else types
        data = source.data_names if types is None else types
        found = {name: source.resource(name) for name in sorted(resources)}
        read = {name: source.data(name) for name in sorted(data)}
        return pb.GetProviderSchema.Response(
            provider=schema_message(source.provider(), NO_RULES),
            resource_schemas={
                name: schema_message(schema, rules_of(name))
                for name, schema in found.items()
                if schema
            },
            data_source_schemas={
                name: schema_message(schema, NO_RULES)
                for name, schema in read.items()
                if schema
            },
            provider_meta=empty_schema(),
            server_capabilities=pb.ServerCapabilities(
                get_provider_schema_optional=True, move_resource_state=True
            ),
            functions=_function_messages(),
        )

    def _resource(self, name: str) -> ResourceType:
        found = self._resources.get(name)
        if found is None:
            schema = self._source.resource(name)
            if schema is None:
                raise LookupError(f"no resource type {name}")
            found = self._resources[name] = ResourceType(schema, rules_of(name))
        return found

    def get_provider_schema(
        self, _: pb.GetProviderSchema.Request
    ) -> pb.GetProviderSchema.Response:
        """
        Describe the types that the configurations name.
        """
        return self._schemas

    def validate_provider_config(
        self, request: pb.ValidateProviderConfig.Request
    ) -> pb.ValidateProviderConfig.Response:
        """
        Check the provider's own configuration.
        """
        config = decode_block(request.config.msgpack) or {}
        problems = check_config(self._source.provider(), NO_RULES, config)
        return pb.ValidateProviderConfig.Response(diagnostics=_diagnostics(problems))

    def validate_resource_config(
        self, request: pb.ValidateResourceConfig.Request
    ) -> pb.ValidateResourceConfig.Response:
        """
        Check the configuration of a resource.
        """
        type_ = self._resource(request.type_name)
        config = decode_block(request.config.msgpack) or {}
        problems = check_config(type_.schema, type_.rules, config)
        return pb.ValidateResourceConfig.Response(diagnostics=_diagnostics(problems))

    def validate_data_resource_config(
        self, request: pb.ValidateDataResourceConfig.Request
    ) -> pb.ValidateDataResourceConfig.Response:
        """
        Check the configuration of a data source.
        """
        schema = self._source.data(request.type_name)
        if schema is None:
            raise LookupError(f"no data source type {request.type_name}")
        config = decode_block(request.config.msgpack) or {}
        problems = check_config(schema, NO_RULES, config)
        return pb.ValidateDataResourceConfig.Response(
            diagnostics=_diagnostics(problems)
        )

    def configure_provider(
        self, request: pb.ConfigureProvider.Request
    ) -> pb.ConfigureProvider.Response:
        """
        Take over region and default tags, and refuse a wrong account.
        """
        config = decode_block(request.config.msgpack) or {}
        region = config.get("region")
        if not isinstance(region, str) or not region:
            region = self._fixtures.region
        account = self._fixtures.account_id
        self._place = Place(account, region)
        self._around = _surroundings(config, region)
        if not _allows(config, account):
            refusal = error(f"AWS account ID not allowed: {account}")
            return pb.ConfigureProvider.Response(diagnostics=[refusal])
        return pb.ConfigureProvider.Response()

    def upgrade_resource_state(
        self, request: pb.UpgradeResourceState.Request
    ) -> pb.UpgradeResourceState.Response:
        """
        Fit a state to the schema, with what a refresh would add to it.
        """
        type_ = self._resource(request.type_name)
        content = request.raw_state.json
        if not content:
            refusal = error(
                "The state is of Terraform 0.11 or older",
                "Run terraform apply with Terraform 0.12 first, which rewrites it.",
            )
            return pb.UpgradeResourceState.Response(diagnostics=[refusal])
        state = cast("Block", json.loads(content))
        if upgrade(state, type_.schema, type_.rules, self._place.region):
            content = json.dumps(state).encode()
        return pb.UpgradeResourceState.Response(
            upgraded_state=pb.DynamicValue(json=content)
        )

    def read_resource(
        self, request: pb.ReadResource.Request
    ) -> pb.ReadResource.Response:
        """
        Find a resource as its state says: nothing changes behind Terraform's back.
        """
        return pb.ReadResource.Response(
            new_state=request.current_state, private=request.private
        )

    def plan_resource_change(
        self, request: pb.PlanResourceChange.Request
    ) -> pb.PlanResourceChange.Response:
        """
        Plan a resource's creation, change or deletion.
        """
        proposed_content = request.proposed_new_state.msgpack
        if proposed_content == NULL:
            return pb.PlanResourceChange.Response(
                planned_state=request.proposed_new_state,
                planned_private=request.prior_private,
            )
        planner = self._resource(request.type_name).planner
        proposed = cast("Block", decode(proposed_content))
        prior = decode_block(request.prior_state.msgpack)
        if prior is None:
            plan = planner.create(proposed, self._around)
        else:
            config = cast("Block", decode(request.config.msgpack))
            plan = planner.update(prior, proposed, config, self._around)
        imported = request.prior_private == IMPORTED
        return pb.PlanResourceChange.Response(
            planned_state=pb.DynamicValue(msgpack=encode(plan.planned))
            if plan.changed
            else request.prior_state,
            requires_replace=[] if imported else paths_message(plan.replace),
            planned_private=request.prior_private,
            legacy_type_system=True,
        )

    def apply_resource_change(
        self, request: pb.ApplyResourceChange.Request
    ) -> pb.ApplyResourceChange.Response:
        """
        Do what was planned, or fail where a fault says so.
        """
        type_ = self._resource(request.type_name)
        prior = decode_block(request.prior_state.msgpack)
        planned = decode_block(request.planned_state.msgpack)
        with self._lock:
            fault = self._due_fault()
            if fault == "die_before":
                die()
            refusal = (
                f"{request.type_name}: refused by a fault"
                if fault == "refuse"
                else self._refusal(type_.schema.name, prior, planned)
            )
            number = self._journal.next_number()
            if refusal:
                return pb.ApplyResourceChange.Response(
                    new_state=request.prior_state,
                    diagnostics=[error(refusal)],
                    legacy_type_system=True,
                )
            after = self._changed(type_, prior, planned, number)
            if fault == "die_after":
                die()
        failed = [error(f"{request.type_name}: failed half-way by a fault")]
        return pb.ApplyResourceChange.Response(
            new_state=pb.DynamicValue(msgpack=NULL if after is None else encode(after)),
            diagnostics=failed if fault == "half" else [],
            legacy_type_system=True,
        )

    def _due_fault(self) -> str:
        number = next(self._operations)
        due = self._fault is not None and self._fault.operation == number
        return self._fault.how if self._fault and due else ""

    def _refusal(self, name: str, prior: Block | None, planned: Block | None) -> str:
        if prior is None and planned is not None:
            region = str(planned.get("region") or self._place.region)
            refusal = self._world.refusal(name, region, planned)
            return f"creating {name}: {refusal}" if refusal else ""
        if planned is None and prior is not None:
            return refusal_of_deletion(name, prior)
        return ""

    def _changed(
        self,
        type_: ResourceType,
        prior: Block | None,
        planned: Block | None,
        number: int,
    ) -> Block | None:
        name = type_.schema.name
        action: Action = "update"
        after = None
        if planned is None:
            action = "delete"
        else:
            action = "create" if prior is None else "update"
            after = self._filled(type_, prior, planned)
        for change, state in ((self._world.remove, prior), (self._world.add, after)):
            if state is not None:
                change(name, str(state.get("region") or self._place.region), state)
        self._journal.write(Operation(number, name, action, prior, after))
        return after

    def _filled(
        self, type_: ResourceType, prior: Block | None, planned: Block
    ) -> Block:
        if is_known(planned):
            return planned
        fill = type_.inventor.fill
        if prior is not None:
            return fill(planned, self._place, prior=prior)
        name = type_.schema.name
        key = name.encode() + encode(planned)
        before: Block = {}
        while True:
            repeated = self._invented[key]
            self._invented[key] += 1
            after = fill(planned, self._place, repeated=repeated)
            follows = before.get("id") == after.get("id")
            # No id is ever given twice, except where it follows from the arguments.
            if follows or not self._world.knows(name, after):
                self._world.identify(name, after)
                return after
            before = after

    def import_resource_state(
        self, request: pb.ImportResourceState.Request
    ) -> pb.ImportResourceState.Response:
        """
        Take it that what is imported exists.
        """
        type_ = self._resource(request.type_name)
        attributes = type_.schema.body.attributes
        known: dict[str, object] = {
            name: default
            for name, default in type_.rules.default.items()
            if name in attributes
        }
        if "id" in attributes:
            known["id"] = request.id
        identifying = (name for name in IDENTIFYING if name in attributes)
        for name in identifying:
            if attributes[name].required or name in type_.rules.force_new:
                known[name] = request.id
                break
        state = type_.inventor.blank(known, self._place)
        return pb.ImportResourceState.Response(
            imported_resources=[
                pb.ImportResourceState.ImportedResource(
                    type_name=request.type_name,
                    state=pb.DynamicValue(msgpack=encode(state)),
                    private=IMPORTED,
                )
            ]
        )

    def move_resource_state(
        self, request: pb.MoveResourceState.Request
    ) -> pb.MoveResourceState.Response:
        """
        Refuse to turn a resource into one of another type.
        """
        refusal = error(
            "A rehearsal can't move a resource to another type",
            f"Moving {request.source_type_name} to {request.target_type_name} needs "
            "the real provider, which translates the state.",
        )
        return pb.MoveResourceState.Response(diagnostics=[refusal])

    def read_data_source(
        self, request: pb.ReadDataSource.Request
    ) -> pb.ReadDataSource.Response:
        """
        Answer a data source.
        """
        name = request.type_name
        answers = self._answers.get(name)
        if answers is None:
            schema = self._source.data(name)
            if schema is None:
                raise LookupError(f"no data source type {name}")
            answers = self._answers[name] = Answers(schema, self._fixtures)
        config = decode_block(request.config.msgpack) or {}
        try:
            state = answers.read(config, self._place)
        except ValueError as refusal:
            return pb.ReadDataSource.Response(diagnostics=[error(str(refusal))])
        return pb.ReadDataSource.Response(state=pb.DynamicValue(msgpack=encode(state)))

    def get_functions(self, _: pb.GetFunctions.Request) -> pb.GetFunctions.Response:
        """
        Describe the provider's functions.
        """
        return pb.GetFunctions.Response(functions=_function_messages())

    def call_function(
        self, request: pb.CallFunction.Request
    ) -> pb.CallFunction.Response:
        """
        Compute a function.
        """
        arguments = [decode(argument.msgpack) for argument in request.arguments]
        try:
            result = FUNCTIONS[request.name].call(arguments)
        except ValueError as refusal:
            return pb.CallFunction.Response(error=pb.FunctionError(text=str(refusal)))
        return pb.CallFunction.Response(result=pb.DynamicValue(msgpack=encode(result)))

    def stop_provider(self, _: pb.StopProvider.Request) -> pb.StopProvider.Response:
        """
        Take note of an interrupt: no call takes long enough to stop it.
        """
        return pb.StopProvider.Response()


# The protocol's names of the calls.
CALLS: Mapping[str, str] = {
    "GetProviderSchema": "get_provider_schema",
    "ValidateProviderConfig": "validate_provider_config",
    "ValidateResourceConfig": "validate_resource_config",
    "ValidateDataResourceConfig": "validate_data_resource_config",
    "ConfigureProvider": "configure_provider",
    "UpgradeResourceState": "upgrade_resource_state",
    "ReadResource": "read_resource",
    "PlanResourceChange": "plan_resource_change",
    "ApplyResourceChange": "apply_resource_change",
    "ImportResourceState": "import_resource_state",
    "MoveResourceState": "move_resource_state",
    "ReadDataSource": "read_data_source",
    "GetFunctions": "get_functions",
    "CallFunction": "call_function",
    "StopProvider": "stop_provider",
}


def _surroundings(config: Mapping[str, object], region: str) -> Surroundings:
    defaults: dict[str, object] = {}
    for block in _blocks(config, "default_tags"):
        defaults.update(cast("Block", block.get("tags") or {}))
    keys: set[str] = set()
    prefixes: list[str] = []
    for block in _blocks(config, "ignore_tags"):
        keys.update(cast("list[str]", block.get("keys") or []))
        prefixes += cast("list[str]", block.get("key_prefixes") or [])
    return Surroundings(
        region=region,
        default_tags=defaults,
        ignored_tags=frozenset(keys),
        ignored_prefixes=tuple(prefixes),
    )


def _blocks(config: Mapping[str, object], name: str) -> list[Block]:
    found = config.get(name)
    return cast("list[Block]", found) if isinstance(found, list) else []


def _allows(config: Mapping[str, object], account: str) -> bool:
    allowed = config.get("allowed_account_ids")
    forbidden = config.get("forbidden_account_ids")
    if isinstance(allowed, list) and allowed and account not in allowed:
        return False
    return not (isinstance(forbidden, list) and account in forbidden)


def _diagnostics(problems: Iterable[Problem]) -> list[pb.Diagnostic]:
    return [
        (error if problem.severity == "error" else warning)(
            problem.summary, problem.detail, problem.path
        )
        for problem in problems
    ]


def _function_messages() -> dict[str, pb.Function]:
    return {name: _function(function) for name, function in FUNCTIONS.items()}


def _function(function: Function) -> pb.Function:
    message = pb.Function(
        parameters=[
            pb.Function.Parameter(name=name, type=json.dumps(type_).encode())
            for name, type_ in function.parameters.items()
        ],
        summary=function.summary,
    )
    # The field's name is a word of Python's.
    result = cast("pb.Function.Return", getattr(message, "return"))
    result.type = json.dumps(function.result).encode()
    return message
