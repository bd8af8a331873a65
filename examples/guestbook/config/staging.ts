// @framework Framework 5.3
import production from './production';

/** As production: staging exists to find out what production would do. */
export default production;
