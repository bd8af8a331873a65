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

/** GitHub workflows that may assume the roles. */
export interface GitHubWorkflowsOptions {
  /** Repository, as `example/shop`. */
  readonly repository: string;
  /**
   * Id of the repository, which stays the same when the repository is renamed.
   * @default - only the name is compared
   */
  readonly repositoryId?: string;
  /**
   * GitHub environment of the job that deploys. Jobs that plan use `<environment>-plan`, and jobs that read use
   * `<environment>-read`.
   */
  readonly environment: string;
  /**
   * Branch that may plan and deploy.
   * @default 'main'
   */
  readonly branch?: string;
  /**
   * OIDC provider for GitHub. An account can have only one.
   * @default - a new provider, which stays when the stack is deleted
   */
  readonly provider?: IOpenIdConnectProvider;
}

/** Properties of `DeliveryRoles`. */
export interface DeliveryRolesProps {
  /** Prefix of the environment's physical names, such as `shop-production`. */
  readonly name: string;
  /**
   * People and their duties.
   * @default - none: only workflows assume the roles
   */
  readonly people?: readonly DeliveryPerson[];
  /**
   * Workflows that plan and deploy.
   * @default - none: only people assume the roles
   */
  readonly github?: GitHubWorkflowsOptions;
  /**
   * Conditions for the deployment of a plan.
   * @default - one approval by another person
   */
  readonly rules?: DeliveryRules;
  /**
   * Names of the stacks of the environment.
   * @default - the stacks of an environment of this package: `<name>-data`, `-release`, `-operations`, `-edge` and
   * `-edge-operations`
   */
  readonly stackNames?: readonly string[];
  /**
   * Qualifier of the account's CDK bootstrap stack.
   * @default 'hnb659fds'
   */
  readonly qualifier?: string;
  /**
   * ARN of the reader role of the environment whose images are promoted. That role must trust this environment's
   * planner (`promotesTo`).
   * @default - images are built for this environment
   */
  readonly promotesFrom?: string;
  /**
   * ARNs of the planner and deployer roles of environments that promote images from this one.
   * @default - none
   */
  readonly promotesTo?: readonly string[];
}

/** Maximum size of the value of an advanced parameter, in bytes. */
const LONGEST_POLICY = 8192;

/**
 * IAM roles that plan, approve and deploy one environment, and the policy for its deployments.
 *
 * Defines up to four IAM roles: `<name>-reader`, `-planner`, `-approver` and `-deployer`. If nobody has a duty, its
 * role is not defined. Also defines a parameter with the policy, and GitHub's OIDC provider unless you pass one. Only
 * the approver role writes approvals, and only under the source identity of its session.
 * @example
 * new DeliveryRoles(this, 'Delivery', {
 *   name: 'shop-production',
 *   people: [{ name: 'alice', userId: 'AROAEXAMPLEEXAMPLE:alice@example.com', may: ['approve'] }],
 *   github: { repository: 'example/shop', environment: 'production' },
 * });
 */
export class DeliveryRoles extends Construct {
  /** Role that reads plans, approvals, and the deployed and running state. */
  readonly reader: Role;
  /** Role that registers plans; absent if nobody has that duty. */
  readonly planner?: Role;
  /** Role that writes approvals; absent if nobody has that duty. */
  readonly approver?: Role;
  /** Role that executes approved plans; absent if nobody has that duty. */
  readonly deployer?: Role;
  /** OIDC provider for GitHub; absent without workflows. */
  readonly provider?: IOpenIdConnectProvider;
  /** Policy for deployments, as written to the Parameter Store. */
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
      // Stacks for CloudFront are in us-east-1.
      regions: [...new Set([region, 'us-east-1'])],
      qualifier: props.qualifier ?? 'hnb659fds',
    });
    this.provider = props.github && (props.github.provider ?? this.newProvider());
    this.reader = this.role('reader', ['plan', 'approve', 'deploy'], [])!;
    const promotion = props.promotesFrom ? this.permissions.promotion(props.promotesFrom) : [];
    this.planner = this.role('planner', ['plan'], [...this.permissions.planner(), ...promotion]);
    this.approver = this.role('approver', ['approve'], this.permissions.approver());
    this.deployer = this.role('deployer', ['deploy'], [...this.permissions.deployer(), ...promotion]);

    // The L2 construct has a limit of 4 KB, because it defines a standard parameter.
    new CfnParameter(this, 'Policy', {
      name: parameters.policy,
      type: 'String',
      tier: 'Intelligent-Tiering',
      value: Stack.of(this).toJsonString(this.policy),
      description: `Policy for deployments of ${props.name}`,
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
        `'rules.approvals' must be 0 to ${approvers}, the number of people who may approve, got ${approvals}; add people, or lower the number`,
      );
    if (!(approvalHours > 0))
      problems.push(`'rules.approvalHours' must be more than 0, got ${approvalHours}`);
    if (people.length === 0 && !github)
      problems.push(
        "'people' or 'github' must be given, got neither; without them nobody can assume the roles",
      );
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
        `'people' and 'rules' must fit into a parameter of ${LONGEST_POLICY} characters, got more; remove past freeze windows`,
      );
    return problems;
  }

  /** Defines a role for the people with one of the duties, and for the matching workflow jobs. */
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
      // A deployment that creates a database or has a long bake time takes more than an hour.
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
    // Other stacks of the account may use the provider by now.
    provider.applyRemovalPolicy(RemovalPolicy.RETAIN);
    return provider;
  }
}

const DESCRIPTIONS: Readonly<Record<DeliveryRole, string>> = {
  reader: 'Reads plans, approvals and the state of',
  planner: 'Registers plans and prepares change sets of',
  approver: 'Approves plans of',
  deployer: 'Executes approved plans of',
};

/** Returns the stack names of an environment of this package. */
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
    problems.push(`${at} must have its own name and userId, got those of another person`);
  for (const email of emails)
    if (!isEmail(email)) problems.push(`${at}.emails must be e-mail addresses, got '${email}'`);
  if (may.length === 0) problems.push(`${at}.may must have at least one duty, got none`);
  return problems;
}
