import type { AllowedSource } from './allowed-source';

type Sources = Readonly<Record<string, readonly string[]>>;

const stripe: Sources = {
  'script-src': ['https://js.stripe.com', 'https://*.js.stripe.com'],
  'frame-src': ['https://js.stripe.com', 'https://*.js.stripe.com', 'https://hooks.stripe.com'],
  'connect-src': ['https://api.stripe.com'],
};
const maps: Sources = {
  'script-src': ['https://maps.googleapis.com'],
  'style-src': ['https://fonts.googleapis.com'],
  'font-src': ['https://fonts.gstatic.com'],
  'img-src': ['https://*.googleapis.com', 'https://*.gstatic.com'],
  'connect-src': ['https://*.googleapis.com'],
};
const recaptcha: Sources = {
  'script-src': ['https://www.google.com', 'https://www.gstatic.com'],
  'frame-src': ['https://www.google.com'],
};
const sentry: Sources = {
  'connect-src': [
    'https://*.ingest.sentry.io',
    'https://*.ingest.us.sentry.io',
    'https://*.ingest.de.sentry.io',
  ],
};

/** Sources of packages that load from their own service, from the service's documentation. */
const sourcesOfPackages: Readonly<Record<string, Sources>> = {
  '@stripe/stripe-js': stripe,
  '@googlemaps/js-api-loader': maps,
  '@react-google-maps/api': maps,
  '@vis.gl/react-google-maps': maps,
  'react-google-recaptcha': recaptcha,
  'react-google-recaptcha-v3': recaptcha,
  '@react-oauth/google': {
    'script-src': ['https://accounts.google.com'],
    'frame-src': ['https://accounts.google.com'],
    'connect-src': ['https://accounts.google.com'],
    'style-src': ['https://accounts.google.com'],
  },
  '@sentry/browser': sentry,
  '@supabase/supabase-js': { 'connect-src': ['https://*.supabase.co', 'wss://*.supabase.co'] },
  '@firebase/app': {
    'script-src': ['https://apis.google.com'],
    'frame-src': ['https://*.firebaseapp.com'],
    'connect-src': [
      'https://*.googleapis.com',
      'https://*.firebaseio.com',
      'wss://*.firebaseio.com',
      'https://*.cloudfunctions.net',
    ],
  },
  '@auth0/auth0-spa-js': { 'connect-src': ['https://*.auth0.com'], 'frame-src': ['https://*.auth0.com'] },
  '@clerk/clerk-react': {
    'script-src': ['https://*.clerk.accounts.dev', 'https://challenges.cloudflare.com'],
    'connect-src': ['https://*.clerk.accounts.dev'],
    'img-src': ['https://img.clerk.com'],
    'frame-src': ['https://challenges.cloudflare.com'],
  },
  'posthog-js': { 'script-src': ['https://*.posthog.com'], 'connect-src': ['https://*.posthog.com'] },
  'react-ga4': {
    'script-src': ['https://www.googletagmanager.com'],
    'connect-src': ['https://*.google-analytics.com', 'https://*.googletagmanager.com'],
  },
  '@monaco-editor/loader': {
    'script-src': ['https://cdn.jsdelivr.net'],
    'style-src': ['https://cdn.jsdelivr.net'],
    'font-src': ['https://cdn.jsdelivr.net'],
  },
  '@paypal/paypal-js': {
    'script-src': ['https://www.paypal.com', 'https://www.paypalobjects.com'],
    'frame-src': ['https://www.paypal.com', 'https://www.sandbox.paypal.com'],
    'connect-src': ['https://www.paypal.com', 'https://www.sandbox.paypal.com'],
    'img-src': ['https://www.paypalobjects.com'],
  },
  'react-plaid-link': {
    'script-src': ['https://cdn.plaid.com'],
    'frame-src': ['https://cdn.plaid.com'],
    'connect-src': ['https://production.plaid.com', 'https://sandbox.plaid.com'],
  },
  'mapbox-gl': { 'connect-src': ['https://*.mapbox.com'], 'img-src': ['https://*.mapbox.com'] },
  // Uploads go to addresses that the server signs.
  '@uppy/aws-s3': { 'connect-src': ['https://*.amazonaws.com', 'https://storage.googleapis.com'] },
};

/** The sources that the packages of a client need. */
export function packageSources(packages: Iterable<string>): AllowedSource[] {
  return [...packages].flatMap((by) =>
    Object.entries(sourcesOfPackages[by] ?? {}).flatMap(([directive, sources]) =>
      sources.map((source) => ({ directive, source, by })),
    ),
  );
}
