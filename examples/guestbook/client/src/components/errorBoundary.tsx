// @framework Framework 5.3
import { Component, type ReactNode } from 'react';

/** A page instead of nothing when rendering fails, or when a part of the client cannot be loaded. */
export class ErrorBoundary extends Component<{ children: ReactNode }> {
  state = { failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  render() {
    if (!this.state.failed) return this.props.children;
    return (
      <main className="mx-auto max-w-xl p-8 text-center">
        <h1 className="font-serif text-3xl">This page did not open</h1>
        <p className="mt-3 text-faded">Perhaps the connection was lost for a moment.</p>
        <button type="button" className="button mt-6" onClick={() => window.location.reload()}>
          Try again
        </button>
      </main>
    );
  }
}
