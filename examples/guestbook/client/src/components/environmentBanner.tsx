// @framework Framework 5.3
import { useEffect, useState } from 'react';
import { fetchEnvironment } from '../api';

/** Says so wherever this is not production. Asked at run time, because all environments run the same build. */
export function EnvironmentBanner() {
  const [environment, setEnvironment] = useState<string>();

  useEffect(() => {
    fetchEnvironment().then(setEnvironment);
  }, []);

  if (!environment || environment === 'production') return null;
  return (
    <p
      role="note"
      aria-label="Environment"
      className="bg-amber-300 text-balance px-4 py-1.5 text-center font-medium text-amber-950 text-sm"
    >
      This is the {environment} environment. What you write here is for trying out.
    </p>
  );
}
