import type { Comparison, ResourceChange } from '../change';
import type { Resource } from '../plan';
import { typeName } from '../resource-type';
import { plain } from '../show';
import { type GeneralSetting, type Observation, observe, type Rule, type Setting } from './rule';
import { changed, gone, isOn, isSomething, items, less, more, turnedOff, turnedOn, value } from './setting';

const NOBODY = /^(none|anonymous|unauthenticated|no|no-password-required|open|public|disabled|off|false|)$/i;
const WEAK =
  /^(api[_-]?key|basic|basic_auth|password|aws_lambda|plaintext|optional|audit|legacy|api_mode_only)$/i;

function strength(value: unknown): number {
  if (value === undefined || NOBODY.test(String(value))) return 0;
  return WEAK.test(String(value)) ? 1 : 2;
}

const isWeaker = (now: unknown, before: unknown): boolean =>
  typeof now !== 'object' && isSomething(before) && strength(now) < strength(before);

const SETTINGS: readonly Setting[] = [
  {
    types: ['AWS::Lambda::Url'],
    property: 'AuthType',
    worse: (now) => now === 'NONE',
    bad: (now) => now === 'NONE',
    severity: 'danger',
    what: 'Authentication of the function URL',
    why: 'Anybody can call the function.',
    fix: 'Use AWS_IAM, and CloudFront with an origin access control.',
    link: 'https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html',
  },
  {
    types: ['AWS::ApiGateway::Method', 'AWS::ApiGatewayV2::Route'],
    property: 'AuthorizationType',
    absent: 'NONE',
    worse: (now) => now === 'NONE',
    severity: 'danger',
    what: 'Authorization',
    why: 'Anybody can call the API method.',
    fix: 'Keep the authorizer.',
    link: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-control-access-to-api.html',
  },
  {
    types: ['AWS::Cognito::UserPool'],
    property: 'AdminCreateUserConfig.AllowAdminCreateUserOnly',
    absent: false,
    worse: turnedOff,
    severity: 'danger',
    what: 'Sign-up by administrators only',
    why: 'Anybody can create an account and sign in.',
    fix: 'Keep this setting on if administrators create all accounts.',
    link: 'https://docs.aws.amazon.com/cognito/latest/developerguide/how-to-create-user-accounts.html',
  },
  {
    types: ['AWS::Cognito::UserPool'],
    property: 'MfaConfiguration',
    absent: 'OFF',
    worse: (now, before) => rank(now) < rank(before),
    severity: (now) => (now === 'OFF' ? 'danger' : 'caution'),
    what: 'Multi-factor authentication',
    why: 'An attacker with a guessed or stolen password can sign in.',
    fix: 'Keep the value ON.',
    link: 'https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-mfa.html',
  },
  {
    types: ['AWS::Cognito::IdentityPoolRoleAttachment'],
    property: 'Roles.unauthenticated',
    worse: (now, before) => isSomething(now) && !isSomething(before),
    severity: 'danger',
    what: 'Role of unauthenticated identities',
    why: 'Everybody on the internet gets credentials of that role.',
    fix: 'Remove the role for unauthenticated identities.',
    link: 'https://docs.aws.amazon.com/cognito/latest/developerguide/role-based-access-control.html',
  },
  {
    types: ['AWS::MemoryDB::Cluster'],
    property: 'ACLName',
    worse: (now) => now === 'open-access',
    bad: (now) => now === 'open-access',
    severity: 'danger',
    what: 'Access control list of the cluster',
    why: 'Everybody who can reach the cluster can connect without a password.',
    fix: 'Use an access control list with users.',
    link: 'https://docs.aws.amazon.com/memorydb/latest/devguide/clusters.acls.html',
  },
  {
    types: ['AWS::ApiGateway::RestApi'],
    property: 'Policy',
    worse: gone,
    severity: 'danger',
    what: 'Resource policy of the API',
    why: 'The API no longer filters callers. Only the authorization of each method remains.',
    fix: 'Keep the policy.',
    link: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies.html',
  },
];

function rank(value: unknown): number {
  return ['OFF', 'OPTIONAL', 'ON'].indexOf(String(value));
}

const GENERAL: readonly GeneralSetting[] = [
  {
    property:
      /(^|\.)(AllowUnauthenticated\w*|Unauthenticated\.Enabled|AnonymousAuth\w*|NoPasswordRequired|AllowClassicFlow|AllowSelfManagement|AuthorizeAllGroups|AllowPublicOverrides|AllowExternalPrincipals|AutoAccept\w*|IsEnabledForGuests|BypassPolicy\w*|DisableSSO|AllowAuthorizerOverride|EnableUnauthenticated\w*)$/,
    worse: turnedOn,
    bad: isOn,
    severity: 'danger',
    why: 'Callers get access without authentication or approval.',
    fix: 'Leave this setting off.',
  },
  {
    property: /(^|\.)AcceptanceRequired$/,
    worse: turnedOff,
    bad: (now) => String(now) === 'false',
    severity: 'danger',
    why: 'Every principal that may request a connection is connected without approval.',
    fix: 'Keep manual acceptance on.',
  },
  {
    property: /(^|\.)(HttpTokens|Http(PutResponse)?HopLimit|HttpPutResponseHopLimit)$/,
    worse: (now, before) => (before === 'required' && now !== 'required') || more(now, before),
    bad: (now) => now === 'optional',
    severity: 'caution',
    why: 'An attacker who makes a program fetch a URL can read the credentials of the instance.',
    fix: 'Require version 2 of the instance metadata service (IMDSv2).',
    link: 'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html',
  },
  {
    property:
      /(^|\.)(\w*Auth(entication|orization|orizer)?(Type|Types|Mode|Modes|Method|Methods|Scheme|Strategy)?|\w*AuthType|\w*AuthMode|IAMAuth|EnableIAM\w*Authentication|IamAuthEnabled|FineGrainedAuthorizationEnabled|QueryAccessControlEnabled|IsACLEnabled|IdentityType|ClientAuthentication(\.\w+)*|AdvancedSecurityOptions(\.\w+)*|AuthenticationStrategy|EnforcementMode|Enforcement|Enforce(?!WorkGroup)\w*|RequireSigned\w*|MutualTls\w*(\.\w+)*|MutualAuthentication(\.\w+)*|SourceApiAssociationConfig\.\w+|OwnershipVerification\w*)$/,
    worse: (now, before) => isWeaker(now, before) || turnedOff(now, before) || gone(now, before),
    severity: 'danger',
    why: 'Callers are authenticated less strictly, or not at all.',
    fix: 'Keep the former authentication.',
    link: 'https://docs.aws.amazon.com/wellarchitected/latest/security-pillar/identity-and-access-management.html',
  },
  {
    property:
      /(^|\.)(AuthorizerId|AuthorizationScopes|AuthorizerUri|Authorizers?(\.\w+)*|AuthorizerConfig(\.\w+)*|UserPoolConfig(\.\w+)*|OpenIDConnectConfig(\.\w+)*|LambdaAuthorizerConfig(\.\w+)*|IdentitySource\w*(\.\w+)*|JwtConfiguration(\.\w+)*|ApiKeyRequired|CognitoUserPool\w*|IdentityValidationExpression|ProviderARNs|AuthorizerResultTtlInSeconds|EnableSimpleResponses)$/,
    worse: (now, before) => gone(now, before) || changed(now, before) || turnedOff(now, before),
    severity: 'caution',
    why: 'Other callers get access, or present callers are refused.',
    fix: 'Test the access with and without signing in.',
  },
  {
    property: /(^|\.)(\w*Auth(entication|orization)?(Type|Mode))$/,
    worse: (now, before) => changed(now, before) && strength(before) > 0 && typeof now === 'string',
    severity: 'caution',
    why: 'Callers that use the former authentication are refused.',
    fix: 'Accept both kinds of authentication for some time.',
  },
  {
    property: /(^|\.)(\w*Admins|\w*Administrators?|AdminRoleArns)(\.\w+)*$|^RoleArns$/,
    worse: (now, before) => now !== undefined && before === undefined,
    severity: 'danger',
    why: 'Another principal can change everything, permissions included.',
    fix: 'Name as few administrators as the team needs to cover absences.',
  },
  {
    property: /^(?!Name$|Description$)/,
    types:
      /^AWS::(VerifiedPermissions::Policy(Template)?|OpenSearchServerless::AccessPolicy|LakeFormation::(Principal)?Permissions|Organizations::Policy|ServiceCatalog::Launch\w+)$/,
    worse: (now, before) => isSomething(now) && now !== before,
    severity: 'caution',
    why: 'Principals get other permissions than before.',
    fix: 'Compare the permissions of each principal before and after the change.',
  },
  {
    property:
      /(^|\.)(AdditionalAuthenticationProviders|ExplicitAuthFlows|AllowedOAuth\w+|CallbackURLs|LogoutURLs|SupportedIdentityProviders|AllowedFirstAuthFactors|RedirectUris|Client[Ii][Dd]List|ThumbprintList|AllowedClients|AllowedAudience|JwtConfiguration\.Audience|SamlMetadataDocument|AccessString|WriteAttributes|ProviderDetails)(\.\w+)*$/,
    worse: (now, before) => now !== undefined || before !== undefined,
    severity: 'caution',
    why: 'Users can sign in by another method, or a method that some users need is removed.',
    fix: 'Check each sign-in method, and remove those that nobody uses.',
    link: 'https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-client-apps.html',
  },
  {
    property:
      /(^|\.)(Mfa\w*|MFA\w*|EnabledMfas|\w*PasswordPolicy(\.\w+)*|PasswordConfiguration(\.\w+)*|UserPoolAddOns(\.\w+)*|PreventUserExistenceErrors|EnableTokenRevocation|DeviceConfiguration(\.\w+)*|AccountTakeover\w*(\.\w+)*|CompromisedCredentials\w*(\.\w+)*|MinimumLength|PasswordHistorySize|Require(Symbols|Numbers|Uppercase|Lowercase)\w*|SignInPolicy(\.\w+)*|UserPoolTier|LambdaConfig(\.\w+)*|ChallengeRequiredOnNewDevice)$/,
    worse: (now, before) =>
      gone(now, before) ||
      turnedOff(now, before) ||
      less(now, before) ||
      isWeaker(now, before) ||
      (/^(PLUS|ESSENTIALS)$/.test(String(before)) && now !== 'PLUS' && now !== before),
    severity: 'caution',
    why: 'Passwords become easier to guess, or a stolen password is enough to sign in.',
    fix: 'Keep the former sign-in rules.',
    link: 'https://docs.aws.amazon.com/cognito/latest/developerguide/managing-users-passwords.html',
  },
  {
    property:
      /(^|\.)(\w*Token(Validity|Expiration|Ttl|Lifetime)\w*|\w*Session(Duration|Timeout|Expir\w*|TimeoutIn\w+)\w*|CredentialDuration\w*|DurationSeconds|Expires|\w*ValidityDays|ValidityPeriod\w*)(\.\w+)*$/,
    worse: more,
    severity: 'caution',
    why: 'A stolen session or token stays valid longer.',
    fix: 'Keep the former lifetime.',
  },
];

/** Finds weaker authentication of callers. */
export const authentication: Rule = {
  name: 'authentication',
  severities: ['danger', 'caution'],
  summary:
    'An API, cluster, broker, database, user pool or instance authenticates callers less strictly: no authentication, guests, an API key, no second factor, self sign-up, weaker passwords, longer sessions.',
  link: 'https://docs.aws.amazon.com/wellarchitected/latest/security-pillar/identity-and-access-management.html',
  settings: SETTINGS,
  general: GENERAL,
  judge: (comparison) => [
    ...openMethods(comparison),
    ...credentials(comparison),
    ...comparison.resources.flatMap(withoutSignIn),
  ],
};

const METHODS = /^AWS::(ApiGateway::Method|ApiGatewayV2::Route)$/;
const isOpen = ({ Properties = {} }: Resource): boolean =>
  [undefined, 'NONE'].includes(Properties['AuthorizationType'] as string | undefined) &&
  !isOn(Properties['ApiKeyRequired']);

/** Finds new API methods without authorization, in a stack that has methods with authorization. */
function openMethods({ resources, base }: Comparison): Observation[] {
  return resources.flatMap((change): Observation[] => {
    const { kind, resourceType, after, stack } = change;
    if (kind !== 'added' || !METHODS.test(resourceType) || !isOpen(after!)) return [];
    const { HttpMethod: method, RouteKey: route } = after!.Properties ?? {};
    if (method === 'OPTIONS' || String(route).startsWith('OPTIONS')) return [];
    const former = base.stacks.find(({ name }) => name === stack)?.template.Resources ?? {};
    if (!Object.values(former).some((other) => METHODS.test(other.Type) && !isOpen(other))) return [];
    return [
      observe(change, {
        severity: 'caution',
        property: 'Properties.AuthorizationType',
        what: `The new ${plain(method ?? route)} has no authorization, unlike other methods of this stack.`,
        why: 'Anybody can call the method.',
        fix: 'Add the authorizer of the other methods, or explain in the change why the method is public.',
        link: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-control-access-to-api.html',
      }),
    ];
  });
}

/** Finds load balancers that no longer ask users to sign in. */
function withoutSignIn(change: ResourceChange): Observation[] {
  const { resourceType, before, after } = change;
  if (!/^AWS::ElasticLoadBalancingV2::Listener(Rule)?$/.test(resourceType) || !before || !after) return [];
  const asks = ({ Properties = {} }: Resource) =>
    [Properties['DefaultActions'] ?? Properties['Actions']].flatMap((actions) =>
      [...items(actions).values()].filter((action) =>
        String(value(action, 'Type')).startsWith('authenticate-'),
      ),
    ).length > 0;
  if (!asks(before) || asks(after)) return [];
  return [
    observe(change, {
      severity: 'danger',
      property: `Properties.${resourceType.endsWith('Rule') ? 'Actions' : 'DefaultActions'}`,
      what: 'The load balancer no longer asks users to sign in.',
      why: 'Everybody who reaches the load balancer reaches the targets.',
      fix: 'Keep the authenticate action before the forward action.',
      link: 'https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-authenticate-users.html',
    }),
  ];
}

/** New resources that give somebody access, with the consequence of each. */
const CREDENTIALS: Readonly<Record<string, string>> = {
  'AWS::IAM::AccessKey': 'The access key works from everywhere and never expires.',
  'AWS::IAM::UserToGroupAddition': 'The users get the permissions of the group.',
  'AWS::SSO::Assignment': 'A person or group gets the permissions of the permission set in that account.',
};

function credentials({ resources }: Comparison): Observation[] {
  return resources.flatMap((change): Observation[] => {
    const why = CREDENTIALS[change.resourceType];
    if (change.kind !== 'added' || why === undefined) return [];
    return [
      observe(change, {
        severity: 'caution',
        what: `The ${typeName(change.resourceType)} is new.`,
        why,
        fix: 'Use a role with temporary credentials instead.',
        link: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html',
      }),
    ];
  });
}
