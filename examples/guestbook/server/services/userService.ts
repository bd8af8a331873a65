// @framework Framework 5.3
import type { Credentials, User } from '@shared/api';
import { AppError } from '../errors';
import { logger } from '../logger';
import { hashPassword, verifyPassword } from '../password';
import { UserRepository } from '../repositories/userRepository';

const profile = ({ id, name }: User): User => ({ id, name });

// If the user does not exist, compare with this hash, so that both cases take the same time.
const nobody = hashPassword('nobody has this password');

export const UserService = {
  signUp: async ({ name, password }: Credentials): Promise<User> => {
    const user = await UserRepository.create(name, await hashPassword(password));
    if (!user) {
      const message = 'Somebody has this name already.';
      throw new AppError('conflict', message, { name: message });
    }
    logger.info({ event: 'user.signed-up', userId: user.id });
    return profile(user);
  },

  signIn: async ({ name, password }: Credentials): Promise<User> => {
    const user = await UserRepository.findByName(name);
    const matches = await verifyPassword(password, user?.passwordHash ?? (await nobody));
    if (!user || !matches) throw new AppError('authentication', 'Name and password do not match.');
    return profile(user);
  },

  getUserProfile: async (id: number): Promise<User | undefined> => {
    const user = await UserRepository.getUser(id);
    return user && profile(user);
  },
};
