import { Aws, CliCredentialsStackSynthesizer, Stack, Validations } from 'aws-cdk-lib';
import { OpenIdConnectProvider } from 'aws-cdk-lib/aws-iam';
import { AwsSolutionsChecks } from 'cdk-nag';
import type { Construct } from 'constructs';
import { ENVIRONMENTS, type EnvironmentName, loadSettings, type Settings } from '../../config';
import {
  DeliveryRoles,
  deliveryRoleName,
  type GitHubWorkflowsOptions,
} from '../../constructs/delivery-roles';
import { readApplication } from '../application/read-application';
import { type EnvironmentSelection, resolveEnvironment } from '../prepare/resolve-environment';

/** Host and path of GitHub's identity provider. The ARN of the provider ends with this text. */
const GITHUB_PROVIDER = 'oidc-provider/token.actions.githubusercontent.com';

/**
 * Stack of the roles and rules that plan, approve and deploy an environment. An administrator deploys this stack with
 * personal credentials, never with the roles that the stack defines.
 */
export class DeliveryStack extends Stack {
  /** Roles and rules of the deployments. */
  readonly roles: DeliveryRoles;

  /** @throws ConfigError if the name of the environment or a setting is wrong */
  constructor(scope: Construct, selection: EnvironmentSelection) {
    const { environment, application, settings } = resolveEnvironment(selection);
    const { name } = readApplication(application, settings.application);
    const { account, region, delivery } = settings;
    super(scope, `${name}-${environment}-delivery`, {
      env: { account, region },
      description: `${name}-${environment}: roles and rules of deployments`,
      terminationProtection: settings.retainData,
      // The CDK bootstrap roles must not change the delivery roles or the list of approvers.
      synthesizer: new CliCredentialsStackSynthesizer(),
    });
    Validations.of(this.node.root).addPlugins(new AwsSolutionsChecks());

    const role = (of: EnvironmentName, kind: 'reader' | 'planner' | 'deployer') =>
      `arn:${Aws.PARTITION}:iam::${settingsOf(of).account ?? Aws.ACCOUNT_ID}:role/${deliveryRoleName(`${name}-${of}`, kind)}`;
    const settingsOf = (of: EnvironmentName): Settings => loadSettings(of, application);
    const promotesTo = ENVIRONMENTS.filter((of) => settingsOf(of).delivery.promoteFrom === environment);
    const { people, github, promoteFrom, ...rules } = delivery;
    this.roles = new DeliveryRoles(this, 'Delivery', {
      name: `${name}-${environment}`,
      people,
      rules,
      github: github && this.workflows(environment, github),
      promotesFrom: promoteFrom && role(promoteFrom, 'reader'),
      promotesTo: promotesTo.flatMap((of) => [role(of, 'planner'), role(of, 'deployer')]),
    });
  }

  private workflows(
    environment: EnvironmentName,
    { createProvider, ...github }: NonNullable<Settings['delivery']['github']>,
  ): GitHubWorkflowsOptions {
    const arn = `arn:${Aws.PARTITION}:iam::${this.account}:${GITHUB_PROVIDER}`;
    return {
      ...github,
      environment,
      ...(!createProvider && {
        provider: OpenIdConnectProvider.fromOpenIdConnectProviderArn(this, 'GitHub', arn),
      }),
    };
  }
}
