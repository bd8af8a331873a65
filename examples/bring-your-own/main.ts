import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { OrdersStack } from './orders-stack';

const app = new App();
new OrdersStack(app, 'Orders', { env: { region: 'us-east-1' } });
Validations.of(app).addPlugins(new AwsSolutionsChecks());
