import { Aws } from 'aws-cdk-lib';
import {
  AccountPrincipal,
  type IOpenIdConnectProvider,
  type PolicyDocument,
  PolicyStatement,
  WebIdentityPrincipal,
} from 'aws-cdk-lib/aws-iam';
import type { DeliveryPerson } from './delivery-rules';

/** Host of GitHub's identity provider; condition keys begin with it. */
export const GITHUB_ISSUER = 'token.actions.githubusercontent.com';

/**
 * A role of another account, or of this one, whose sessions may have a source identity. The role is compared with the
 * caller's own ARN, so that it need not exist yet.
 */
export class RolePrincipal extends AccountPrincipal {
  constructor(private readonly roleArn: string) {
    super(roleArn.split(':')[4]);
  }

  override addToAssumeRolePolicy(document: PolicyDocument): void {
    document.addStatements(
      new PolicyStatement({
        principals: [new AccountPrincipal(this.accountId)],
        actions: ['sts:AssumeRole', 'sts:SetSourceIdentity'],
        conditions: { ArnEquals: { 'aws:PrincipalArn': this.roleArn } },
      }),
    );
  }
}

/** Workflows of one repository that may assume a role. */
export interface GitHubTrust {
  readonly provider: IOpenIdConnectProvider;
  /** The repository, as `example/shop`. */
  readonly repository: string;
  /** Id of the repository. @default - the name alone is compared */
  readonly repositoryId?: string;
  /** Branch of the workflow run. @default - any */
  readonly branch?: string;
  /** GitHub environment of the job. */
  readonly environment: string;
}

/**
 * Lets a job of a workflow assume a role, if GitHub says that it is of this repository, this environment and this
 * branch.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html
 */
export function gitHubPrincipal({ provider, ...trust }: GitHubTrust): WebIdentityPrincipal {
  const claim = (name: string) => `${GITHUB_ISSUER}:${name}`;
  return new WebIdentityPrincipal(provider.openIdConnectProviderArn, {
    StringEquals: {
      [claim('aud')]: 'sts.amazonaws.com',
      [claim('sub')]: `repo:${trust.repository}:environment:${trust.environment}`,
      ...(trust.branch !== undefined && { [claim('ref')]: `refs/heads/${trust.branch}` }),
      ...(trust.repositoryId !== undefined && { [claim('repository_id')]: trust.repositoryId }),
    },
  });
}

/**
 * A person, who assumes a role under the person's own name as source identity, and under no other. AWS chooses the user
 * id of an IAM user and of a session of IAM Identity Center. The session name of any other role is the caller's choice,
 * so those roles are not trusted.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_monitor.html
 */
export class PersonPrincipal extends AccountPrincipal {
  constructor(private readonly person: DeliveryPerson) {
    super(Aws.ACCOUNT_ID);
  }

  override addToAssumeRolePolicy(document: PolicyDocument): void {
    const { name, userId } = this.person;
    document.addStatements(
      new PolicyStatement({
        principals: [new AccountPrincipal(Aws.ACCOUNT_ID)],
        actions: ['sts:AssumeRole', 'sts:SetSourceIdentity'],
        conditions: {
          StringEquals: { 'aws:userid': userId, 'sts:SourceIdentity': name },
          ...(userId.startsWith('AIDA')
            ? { Bool: { 'aws:MultiFactorAuthPresent': 'true' } }
            : { ArnLike: { 'aws:PrincipalArn': IDENTITY_CENTER_ROLES } }),
        },
      }),
    );
  }
}

/** Roles that IAM Identity Center alone makes, and in whose sessions it names the person. */
const IDENTITY_CENTER_ROLES = `arn:${Aws.PARTITION}:iam::${Aws.ACCOUNT_ID}:role/aws-reserved/sso.amazonaws.com/*`;
