import { dataStacks } from './data';
import { eventStacks } from './events';
import { interfaceStacks } from './interfaces';
import { operationStacks } from './operations';
import { secondAccessStacks } from './second-access';
import { secondDataStacks } from './second-data';
import { servingStacks } from './serving';
import type { StackCase } from './stack';
import { webStacks } from './web';

/** Changes of whole foreign stacks, by purpose of the stack. */
export const STACKS: Readonly<Record<string, readonly StackCase[]>> = {
  'stacks that hold data': dataStacks,
  'stacks that serve users': servingStacks,
  'stacks of the web': webStacks,
  'stacks of messages and identities': eventStacks,
  'stacks of operations': operationStacks,
  'stacks of interfaces': interfaceStacks,
  'second round, data and programs': secondDataStacks,
  'second round, access and watching': secondAccessStacks,
};
