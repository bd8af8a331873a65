import { holderOf } from '../stateful-resources';
import { holderOfType } from '../stateful-types';
import { type GeneralSetting, type Observation, observeStack, type Rule, type Setting } from './rule';
import { isSomething, turnedOff } from './setting';

const why = 'One mistaken command, or a change that replaces the resource, then deletes';

const protects = (types: readonly string[], property: string): Setting => ({
  types,
  property,
  worse: turnedOff,
  severity: 'caution',
  what: 'Deletion protection',
  why: `${why} it.`,
  fix: 'Keep the protection on. Turn it off by hand, for one planned deletion.',
});

const SETTINGS: readonly Setting[] = [
  {
    ...protects(
      ['AWS::ElasticLoadBalancingV2::LoadBalancer'],
      'LoadBalancerAttributes[deletion_protection.enabled].Value',
    ),
    why: `${why} the address that users connect to.`,
  },
];

const GENERAL: readonly GeneralSetting[] = [
  {
    property:
      /(^|\.)(\w*Delet(ion|e)Protect(ion|ed)\w*|Termination(Protected|ProtectionEnabled)|DisableApi(Termination|Stop)|NewInstancesProtectedFromScaleIn|\w*ChangeProtection|\w*ProtectionPolicy|PreventDestroy\w*)$/,
    worse: (now, before) =>
      turnedOff(now, before) ||
      (isSomething(before) && /^(none|no_?protection|off|disabled)$/i.test(String(now))),
    severity: ({ resourceType, after }) => {
      const holder = holderOf(after) ?? holderOfType(resourceType);
      return holder?.primary ? 'danger' : 'caution';
    },
    why: `${why} it and all of its contents.`,
    fix: 'Keep the protection on. Turn it off by hand, for one planned deletion.',
  },
];

/** Finds resources and stacks whose deletion protection is turned off. */
export const deletionProtection: Rule = {
  name: 'deletion-protection',
  severities: ['danger', 'caution'],
  summary: 'Deletion protection of any resource, or a stack’s termination protection, is turned off.',
  link: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-protect-stacks.html',
  settings: SETTINGS,
  general: GENERAL,
  judge({ base, head }) {
    return head.stacks.flatMap(({ name, terminationProtection, template }): Observation[] => {
      const former = base.stacks.find((stack) => stack.name === name);
      if (former?.terminationProtection !== true || terminationProtection !== false) return [];
      const holds = Object.values(template.Resources ?? {}).some((resource) => holderOf(resource)?.primary);
      return [
        observeStack(name, {
          severity: holds ? 'danger' : 'caution',
          property: 'terminationProtection',
          what: 'Termination protection of the stack: true → false.',
          why: `One command then deletes the stack${holds ? ' including its data' : ''}.`,
          fix: 'Keep `terminationProtection: true`. Turn it off by hand before a planned deletion.',
        }),
      ];
    });
  },
};
