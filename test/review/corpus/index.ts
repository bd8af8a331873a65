import { access } from './access';
import type { Case } from './case';
import { data } from './data';
import { exposure } from './exposure';
import { glances } from './glances';
import { harmless } from './harmless';
import { keeping } from './keeping';
import { migrations } from './migrations';
import { others } from './others';
import { pagesOfUsers } from './pages';
import { policies } from './policies';
import { users } from './users';
import { watch } from './watch';

/** Small changes of production, by topic. */
export const CORPUS: Readonly<Record<string, readonly Case[]>> = {
  Data: data,
  'Backups, encryption, masking': keeping,
  Migrations: migrations,
  'Who may do what': access,
  'Policies that are checked, and those of others': policies,
  'What the world can reach': exposure,
  'What protects users’ browsers': pagesOfUsers,
  'What users notice': users,
  'Who notices, and whether it can be deployed': watch,
  'In other teams’ stacks': others,
  'Worth a glance': glances,
  'Harmless, or better than before': harmless,
};
