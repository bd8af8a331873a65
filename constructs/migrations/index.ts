export { Migrations, type MigrationsProps } from './migrations';
