import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import {
  CompositePrincipal,
  type IOpenIdConnectProvider,
  type IPrincipal,
  OidcProviderNative,
  Role,
} from 'aws-cdk-lib/aws-iam';
import { CfnParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { ConstructError } from '../construct-error';
import { DeliveryParameters, type DeliveryRole, deliveryRoleName, PIPELINE } from '../delivery-parameters';
import { nameProblems } from '../physical-name';
import { isEmail } from '../text-formats';
import {
  completeRules,
  type DeliveryDuty,
  type DeliveryPerson,
  type DeliveryPolicy,
  type DeliveryRules,
} from './delivery-rules';
import { DeliveryPermissions, type Permission, permit } from './permissions';
import { GITHUB_ISSUER, gitHubPrincipal, PersonPrincipal, RolePrincipal } from './trust';

/** Workflows that may assume the roles. */
export interface GitHubWorkflowsOptions {
  /** The repository, as `example/shop`. */
  readonly repository: string;
  /**
   * Id of the repository, which stays with it when it is renamed.
   * @default - the name alone is compared
   */
  readonly repositoryId?: string;
  /**
   * GitHub environment of the job that deploys; `<environment>-plan` and `<environment>-read` are those of the jobs
   * that plan and read.
   */
  readonly environment: string;
  /**
   * Branch from which plans and deployments may come.
   * @default 'main'
   */
  readonly branch?: string;
  /**
   * GitHub's identity provider of the account, which can have only one.
   * @default - defined here, and kept when the stack is deleted
   */
  readonly provider?: IOpenIdConnectProvider;
}

/** Properties of `DeliveryRoles`. */
export interface DeliveryRolesProps {
  /** Prefix of the environment's physical names, such as `shop-production`. */
  readonly name: string;
  /**
   * The people and their duties.
   * @default - none: workflows alone assume the roles
   */
  readonly people?: readonly DeliveryPerson[];
  /**
   * The workflows that plan and deploy.
   * @default - none: people alone assume the roles
   */
  readonly github?: GitHubWorkflowsOptions;
  /**
   * The conditions under which a plan may be deployed.
   * @default - one approval by somebody else, nothing more
   */
  readonly rules?: DeliveryRules;
  /**
   * Names of the stacks that are deployed.
   * @default - those of an environment of this package: `<name>-data`, `-release`, `-operations`, `-edge` and `-edge-operations`
   */
  readonly stackNames?: readonly string[];
  /**
   * Qualifier with which the account is bootstrapped for the CDK.
   * @default 'hnb659fds'
   */
  readonly qualifier?: string;
  /**
   * ARN of the reader role of the environment from which images are promoted. That role has to trust the planner of
   * this environment (`promotesTo`).
   * @default - images are built for this environment
   */
  readonly promotesFrom?: string;
  /**
   * ARNs of the planner and deployer roles of environments that take their images from this one.
   * @default - none
   */
  readonly promotesTo?: readonly string[];
}

/** The largest value that an advanced parameter holds, in bytes. */
const LONGEST_POLICY = 8192;

/**
 * The roles with which one environment is planned, approved and deployed, and the rules for it.
 *
 * Defines up to four IAM roles (`<name>-reader`, `-planner`, `-approver`, `-deployer`; none for a duty that nobody
 * has), the rules as a parameter, and GitHub's identity provider unless you give one. Only the approver writes
 * approvals, and only under the name that is the source identity of the session.
 *
 * @example
 * new DeliveryRoles(this, 'Delivery', {
 *   name: 'shop-production',
 *   people: [{ name: 'alice', userId: 'AROAEXAMPLEEXAMPLE:alice@example.com', may: ['approve'] }],
 *   github: { repository: 'example/shop', environment: 'production' },
 * });
 */
export class DeliveryRoles extends Construct {
  /** Reads plans, approvals and what runs. */
  readonly reader: Role;
  /** Registers plans; absent if nobody may. */
  readonly planner?: Role;
  /** Writes approvals; absent if nobody may. */
  readonly approver?: Role;
  /** Executes approved plans; absent if nobody may. */
  readonly deployer?: Role;
  /** GitHub's identity provider; absent without workflows. */
  readonly provider?: IOpenIdConnectProvider;
  /** The rules, as they are written into the Parameter Store. */
  readonly policy: DeliveryPolicy;
  private readonly permissions: DeliveryPermissions;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: DeliveryRolesProps,
  ) {
    super(scope, id);
    const { account, region } = Stack.of(this);
    this.policy = {
      formatVersion: 1,
      account,
      people: (props.people ?? []).map(({ userId: _, ...person }) => person),
      ...completeRules(props.rules),
    };
    const problems = this.problems();
    if (problems.length > 0) throw new ConstructError(this, problems);

    const parameters = new DeliveryParameters(props.name);
    this.permissions = new DeliveryPermissions(this, {
      name: props.name,
      parameters,
      stackNames: props.stackNames ?? environmentStacks(props.name),
      // CloudFront's own stacks are there.
      regions: [...new Set([region, 'us-east-1'])],
      qualifier: props.qualifier ?? 'hnb659fds',
    });
    this.provider = props.github && (props.github.provider ?? this.newProvider());
    this.reader = this.role('reader', ['plan', 'approve', 'deploy'], [])!;
    const promotion = props.promotesFrom ? this.permissions.promotion(props.promotesFrom) : [];
    this.planner = this.role('planner', ['plan'], [...this.permissions.planner(), ...promotion]);
    this.approver = this.role('approver', ['approve'], this.permissions.approver());
    this.deployer = this.role('deployer', ['deploy'], [...this.permissions.deployer(), ...promotion]);

    // Not the L2, which makes a standard parameter of 4 KB.
    new CfnParameter(this, 'Policy', {
      name: parameters.policy,
      type: 'String',
      tier: 'Intelligent-Tiering',
      value: Stack.of(this).toJsonString(this.policy),
      description: `Rules for deployments of ${props.name}`,
    });
  }

  private problems(): string[] {
    const { name, people = [], github } = this.props;
    const { approvals, approvalHours } = this.policy;
    const problems = nameProblems(name);
    for (const [index, person] of people.entries())
      problems.push(...personProblems(person, `'people[${index}]'`, people.slice(0, index)));
    const approvers = people.filter(({ may }) => may.includes('approve')).length;
    if (!Number.isInteger(approvals) || approvals < 0 || approvals > approvers)
      problems.push(
        `'rules.approvals' must be 0 to ${approvers}, as many as there are people who may approve, got ${approvals}; add people, or lower it`,
      );
    if (!(approvalHours > 0))
      problems.push(`'rules.approvalHours' must be more than 0, got ${approvalHours}`);
    if (people.length === 0 && !github)
      problems.push("'people' or 'github' must name who may assume the roles, got neither");
    if (github && !/^[\w.-]+\/[\w.-]+$/.test(github.repository))
      problems.push(
        `'github.repository' must be a repository such as example/shop, got '${github.repository}'`,
      );
    if (github && !/^[\w.-]+$/.test(github.environment))
      problems.push(
        `'github.environment' must be a name of letters, digits, dots and hyphens, got '${github.environment}'`,
      );
    if (JSON.stringify(this.policy).length > LONGEST_POLICY)
      problems.push(
        `'people' and 'rules' must fit into a parameter of ${LONGEST_POLICY} characters, got more; remove freeze windows that are over`,
      );
    return problems;
  }

  /** A role for the people who have one of the duties, and for the workflow jobs of that kind. */
  private role(
    role: DeliveryRole,
    duties: readonly DeliveryDuty[],
    permissions: readonly Permission[],
  ): Role | undefined {
    const { name, people = [], promotesTo = [] } = this.props;
    const principals: IPrincipal[] = [
      ...people
        .filter(({ may }) => duties.some((duty) => may.includes(duty)))
        .map((person) => new PersonPrincipal(person)),
      ...this.workflows(role),
      ...(role === 'reader' ? promotesTo.map((arn) => new RolePrincipal(arn)) : []),
    ];
    const [first, ...others] = principals;
    if (!first) return undefined;
    const created = new Role(this, `${role[0]!.toUpperCase()}${role.slice(1)}`, {
      roleName: deliveryRoleName(name, role),
      description: `${DESCRIPTIONS[role]} ${name}`,
      assumedBy: new CompositePrincipal(first, ...others),
      // A deployment that creates a database, or has a long bake time, takes more than one hour.
      maxSessionDuration: Duration.hours(role === 'deployer' ? 4 : 1),
    });
    permit(created, [...this.permissions.reader(), ...permissions]);
    return created;
  }

  private workflows(role: DeliveryRole): IPrincipal[] {
    const { github } = this.props;
    if (!github || role === 'approver') return [];
    const suffix = { reader: '-read', planner: '-plan', deployer: '' }[role];
    return [
      gitHubPrincipal({
        ...github,
        provider: this.provider!,
        environment: `${github.environment}${suffix}`,
        branch: github.branch ?? 'main',
      }),
    ];
  }

  private newProvider(): IOpenIdConnectProvider {
    const provider = new OidcProviderNative(this, 'GitHub', {
      url: `https://${GITHUB_ISSUER}`,
      clientIds: ['sts.amazonaws.com'],
    });
    // Other stacks of the account may have come to use it.
    provider.applyRemovalPolicy(RemovalPolicy.RETAIN);
    return provider;
  }
}

const DESCRIPTIONS: Readonly<Record<DeliveryRole, string>> = {
  reader: 'Reads plans, approvals and what runs of',
  planner: 'Registers plans and prepares change sets of',
  approver: 'Approves plans of',
  deployer: 'Executes approved plans of',
};

/** Names of the stacks of an environment of this package. */
function environmentStacks(name: string): string[] {
  return ['data', 'release', 'operations', 'edge', 'edge-operations'].map((part) => `${name}-${part}`);
}

function personProblems(
  { name, userId, emails = [], may }: DeliveryPerson,
  at: string,
  others: readonly DeliveryPerson[],
): string[] {
  const problems: string[] = [];
  if (!/^[a-z][a-z0-9._-]{1,31}$/.test(name) || name === PIPELINE)
    problems.push(
      `${at}.name must be 2 to 32 lower-case letters, digits, dots, underscores and hyphens, start with a letter and not be '${PIPELINE}', got '${name}'`,
    );
  if (!/^(AIDA[A-Z0-9]+|AROA[A-Z0-9]+:[\w+=,.@-]+)$/.test(userId))
    problems.push(
      `${at}.userId must be the UserId of an IAM user (AIDA…) or of a session of IAM Identity Center (AROA…:alice@example.com), got '${userId}'; 'aws sts get-caller-identity' prints it`,
    );
  if (others.some((other) => other.name === name || other.userId === userId))
    problems.push(`${at} must have a name and a userId of its own, got those of another person`);
  for (const email of emails)
    if (!isEmail(email)) problems.push(`${at}.emails must be e-mail addresses, got '${email}'`);
  if (may.length === 0) problems.push(`${at}.may must have one duty at least, got none`);
  return problems;
}
