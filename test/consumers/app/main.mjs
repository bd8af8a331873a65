// A team's own bin/app.
import { App } from 'aws-cdk-lib';
import { environment } from 'framework53-cdk/app';

environment(new App());
