declare module 'vitest' {
  interface ProvidedContext {
    clusterName: string;
    kubeconfig: string;
    agentImage: string;
  }
}

export {};
