// @framework Framework 5.3
import production from './production';

/** The same as production, because staging shows how production would behave. */
export default production;
