"""AWS's APIs on this machine, for tests: moto_server, with what a whole environment needs beside it.

usage: python3 scripts/aws-api-server.py -H 127.0.0.1 -p PORT

Then AWS_ENDPOINT_URL and AWS_ENDPOINT_URL_S3_FOR_CLOUDFORMATION name it, with any credentials. It shows missing
exports, a wrong order, references to nothing, and who wrote a parameter. It does not know CloudFormation's schemas,
what an update replaces, or IAM.
"""

import hashlib
import json
import os
import re
import sys

os.environ.setdefault("MOTO_LAMBDA_BACKEND", "simple")

from moto.backends import get_backend  # noqa: E402
from moto.cloudformation import models, parsing, responses  # noqa: E402
from moto.core.common_models import CloudFormationModel  # noqa: E402
from moto.core.responses import ActionResult, EmptyResult  # noqa: E402
from moto.ecr import responses as ecr_responses  # noqa: E402
from moto.server import main  # noqa: E402
from moto.ssm import models as ssm_models, responses as ssm_responses  # noqa: E402
from moto.sts.models import sts_backends  # noqa: E402

# Types that moto knows too narrowly for the templates of an environment.
GENERIC = re.compile(
    r"^AWS::(KMS|ECS|StepFunctions|Events|CloudFront|ElasticLoadBalancingV2|Route53|CloudWatch|SNS|SQS|DynamoDB"
    r"|Synthetics|Budgets|RDS|IAM::OIDCProvider|Logs::MetricFilter|Lambda::EventSourceMapping"
    r"|EC2::SecurityGroup(Ingress|Egress))\b|^Custom::|^AWS::CloudFormation::CustomResource$"
)

# Types whose Ref is an ARN.
REF_IS_ARN = re.compile(
    r"^AWS::(StepFunctions::StateMachine|SNS::Topic|ElasticLoadBalancingV2::.*|ECS::(Service|TaskDefinition)"
    r"|CertificateManager::Certificate|WAFv2::WebACL|SecretsManager::.*)$"
)


class Resource(CloudFormationModel):
    """A resource of any type: it has a name, and an answer for every attribute."""

    __module__ = "moto.cloudformation.generic"
    type = ""

    def __init__(self, name, properties, account, region):
        self.name, self.properties, self.account, self.region = name, properties, account, region

    @property
    def physical_resource_id(self):
        if "SecretId" in self.properties:
            return self.properties["SecretId"]
        return self.get_cfn_attribute("Arn") if REF_IS_ARN.match(self.type) else self.name

    @staticmethod
    def cloudformation_name_type():
        return ""

    @classmethod
    def has_cfn_attr(cls, attr):
        return True

    def get_cfn_attribute(self, attr):
        _, service, kind = (self.type.split("::") + ["custom", "resource"])[:3]
        lower = attr.lower()
        service = service.lower()
        if "fullname" in lower:
            return f"{'app' if 'load' in lower else 'targetgroup'}/{self.name}/0123456789abcdef"
        if lower.endswith("arn"):
            if service == "elasticloadbalancingv2":
                service, kind = "elasticloadbalancing", f"{kind}/app"
            return f"arn:aws:{service}:{self.region}:{self.account}:{kind.lower()}/{self.name}/0123456789abcdef"
        if "port" in lower:
            return "5432"
        if "domain" in lower or "endpoint" in lower:
            return f"{self.name.lower()}.{service}.local"
        return f"{self.name}-{attr}"

    @classmethod
    def create_from_cloudformation_json(cls, resource_name, cloudformation_json, account_id, region_name, **_):
        return cls(resource_name, cloudformation_json.get("Properties", {}), account_id, region_name)

    @classmethod
    def update_from_cloudformation_json(cls, original_resource, cloudformation_json, **_):
        original_resource.properties = cloudformation_json.get("Properties", {})
        return original_resource

    @classmethod
    def delete_from_cloudformation_json(cls, *_, **__):
        pass


def generic_resources():
    """Has a generic resource stand in for each type that moto does not know well enough."""
    # Read before our own classes are among the subclasses that moto collects.
    known = dict(parsing.get_model_map())
    parsing.get_model_list()
    parsing.get_name_type_map()
    made = {}

    def resource_class(of):
        if of in parsing.NULL_MODELS:
            return None
        if of in known and not GENERIC.match(of):
            return known[of]
        if of not in made:
            made[of] = type(f"Resource_{of.replace('::', '_')}", (Resource,), {
                "__module__": Resource.__module__,
                "type": of,
                "cloudformation_type": staticmethod(lambda of=of: of),
            })
        return made[of]

    parsing.resource_class_from_type = resource_class


def outputs_of_other_stacks():
    """Resolves Fn::GetStackOutput, in all regions."""
    clean = parsing.clean_json

    def resolved(value, resources):
        if not (isinstance(value, dict) and "Fn::GetStackOutput" in value):
            return clean(value, resources)
        wanted = clean(value["Fn::GetStackOutput"], resources)
        for regions in get_backend("cloudformation").values():
            for backend in regions.values():
                for stack in backend.stacks.values():
                    if stack.name == wanted["StackName"]:
                        for output in stack.output_map.values():
                            if output.key == wanted["OutputName"]:
                                return output.value
        raise ValueError(f"stack {wanted['StackName']} has no output {wanted['OutputName']}")

    parsing.clean_json = resolved


def change_sets():
    """Change sets as CloudFormation has them: of one stack, refused where an export is missing, with a template."""
    backend, response = models.CloudFormationBackend, responses.CloudFormationResponse
    create, execute = backend.create_change_set, backend.execute_change_set

    def created(self, stack_name, *args, **kwargs):
        # A stack of which there is only a change set stays the same when it gets another one.
        for stack_id, stack in list(self.stacks.items()):
            if stack.name == stack_name and stack.status == "REVIEW_IN_PROGRESS":
                del self.stacks[stack_id]
        identifier, stack = create(self, stack_name, *args, **kwargs)
        made = self.change_sets[identifier]
        text = made.template if isinstance(made.template, str) else json.dumps(made.template)
        for name in re.findall(r'"Fn::ImportValue":\s*"([^"]+)"', text):
            if name not in self.exports:
                made.status, made.execution_status = "FAILED", "UNAVAILABLE"
                made.status_reason = f"No export named {name} found."
        return identifier, stack

    def executed(self, change_set_name, stack_name=None):
        made = self.change_sets.get(change_set_name) or next(
            one for one in self.change_sets.values() if one.change_set_name == change_set_name
        )
        stack = self.stacks[made.stack_id]
        stack.cross_stack_resources = stack.resource_map.cross_stack_resources = self.exports
        execute(self, made.change_set_id, stack_name)
        stack._parse_template()
        stack.output_map = stack._create_output_map()
        for export in stack.exports:
            self.exports[export.name] = export

    def of_stack(self):
        wanted, stack = self._get_param("ChangeSetName"), self._get_param("StackName")
        name = stack.split("/")[1] if stack and stack.startswith("arn:") else stack
        for identifier, made in self.cloudformation_backend.change_sets.items():
            if wanted in (identifier, made.change_set_name) and name in (None, made.stack_name):
                return made
        return None

    def resolving(method):
        def call(self):
            found = of_stack(self)
            if found is None:
                error = models.ValidationError(message=f"ChangeSet [{self._get_param('ChangeSetName')}] does not exist")
                # The CDK waits for this code after it has deleted a change set.
                error.code = "ChangeSetNotFound"
                raise error
            self.querystring["ChangeSetName"] = [found.change_set_id]
            return method(self)

        return call

    def get_template(self):
        if self._get_param("ChangeSetName"):
            return ActionResult({"TemplateBody": of_stack(self).template})
        # A stack of which there is only a change set has no template yet.
        if self.cloudformation_backend.get_stack(self._get_param("StackName")).status == "REVIEW_IN_PROGRESS":
            return ActionResult({"TemplateBody": ""})
        return original_template(self)

    def update_termination_protection(self):
        stack = self.cloudformation_backend.get_stack(self._get_param("StackName"))
        stack.enable_termination_protection = self._get_param("EnableTerminationProtection") in (True, "true")
        return ActionResult({"StackId": stack.stack_id})

    def delete_change_set(self):
        # One that is not there is as good as deleted.
        found = of_stack(self)
        if found is not None:
            del self.cloudformation_backend.change_sets[found.change_set_id]
        return EmptyResult()

    def describe_events(self):
        # The CDK asks for what CloudFormation found in the resources of a change set.
        return ActionResult({"OperationEvents": []})

    def list_hook_results(self):
        return ActionResult({"HookResults": []})

    original_template = response.get_template
    response.describe_events, response.list_hook_results = describe_events, list_hook_results
    backend.create_change_set, backend.execute_change_set = created, executed
    response.get_template, response.delete_change_set = get_template, delete_change_set
    response.update_termination_protection = update_termination_protection
    for name in ("describe_change_set", "execute_change_set"):
        setattr(response, name, resolving(getattr(response, name)))


def writers_of_parameters():
    """Keeps the session that wrote a parameter, as the Parameter Store does."""
    response, parameter = ssm_responses.SimpleSystemManagerResponse, ssm_models.Parameter
    put, describe = response.put_parameter, parameter.describe_response_object

    def written(self):
        answer = put(self)
        key = re.search(r"Credential=([^/]+)/", self.headers.get("Authorization", ""))
        account, region = self.current_account, "us-east-1"
        _, arn, _ = sts_backends[account]["aws"].get_caller_identity(key.group(1) if key else "", region)
        self.ssm_backend._parameters[self._get_param("Name")][-1].writer = arn
        return answer

    def described(self, *args, **kwargs):
        return {**describe(self, *args, **kwargs), "LastModifiedUser": getattr(self, "writer", "N/A")}

    response.put_parameter, parameter.describe_response_object = written, described


def images_of_assets():
    """Has the bootstrap's repositories hold every image that is asked for: no image is built on this machine."""
    response = ecr_responses.ECRResponse
    describe = response.describe_images

    held = set()

    def described(self):
        name = self._get_param("repositoryName")
        for tag in [one.get("imageTag") for one in self._get_param("imageIds") or []]:
            if tag and (name, tag) not in held and name.startswith("cdk-"):
                held.add((name, tag))
                manifest = json.dumps({"schemaVersion": 2, "config": {"digest": tag}})
                digest = f"sha256:{hashlib.sha256(tag.encode()).hexdigest()}"
                media_type = "application/vnd.oci.image.manifest.v1+json"
                self.ecr_backend.put_image(name, manifest, tag, media_type, digest)
        return describe(self)

    response.describe_images = described


if __name__ == "__main__":
    for patch in (generic_resources, outputs_of_other_stacks, change_sets, writers_of_parameters, images_of_assets):
        patch()
    main(sys.argv[1:])
