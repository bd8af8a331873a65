import { Aws } from 'aws-cdk-lib';
import {
  AccountPrincipal,
  type IOpenIdConnectProvider,
  type PolicyDocument,
  PolicyStatement,
  WebIdentityPrincipal,
} from 'aws-cdk-lib/aws-iam';
import type { DeliveryPerson } from './delivery-rules';

/** Host of GitHub's OIDC provider, with which its condition keys begin. */
export const GITHUB_ISSUER = 'token.actions.githubusercontent.com';

/**
 * Role of this or another account, whose sessions may have a source identity. A condition compares the caller's ARN
 * with the role, so the role need not exist yet.
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
  /** Repository, as `example/shop`. */
  readonly repository: string;
  /** Id of the repository. @default - only the name is compared */
  readonly repositoryId?: string;
  /** Branch of the workflow run. @default - any */
  readonly branch?: string;
  /** GitHub environment of the job. */
  readonly environment: string;
}

/**
 * Principal for workflow jobs. A job may assume the role if GitHub's token names this repository, environment and
 * branch.
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
 * Person, who can assume a role only with the person's own name as source identity. AWS chooses the user id of an IAM
 * user and of a session of IAM Identity Center. For any other role, the caller chooses the session name, so these
 * roles are not trusted.
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

/** Roles that only IAM Identity Center creates. It names the person in their sessions. */
const IDENTITY_CENTER_ROLES = `arn:${Aws.PARTITION}:iam::${Aws.ACCOUNT_ID}:role/aws-reserved/sso.amazonaws.com/*`;
