// Where a run's result goes, beside its folder.

/** No part of what a run is about: it is neither recorded nor compared. Secrets are not in it; they come from the environment. */
export interface DeliverySettings {
  /** Path of the file that the kubelet reads when the container ends; empty: none. */
  terminationMessage: string;
  /** An Event on the Job, and on the CronJob that made it. */
  event: boolean;
  configMaps: {
    /** Runs to keep as ConfigMaps; 0: none is written. */
    keep: number;
    /** ConfigMaps that one run may take. */
    parts: number;
  };
  s3: {
    /** `https://s3.example.org`; empty: Amazon's own. */
    endpoint: string;
    region: string;
    /** Empty: no upload. */
    bucket: string;
    /** Stands before the run's id in every key. */
    prefix: string;
  };
  webhook: { format: 'json' | 'slack'; when: 'always' | 'not-passed' };
  pushgateway: {
    /** `http://pushgateway:9091`; empty: none. */
    url: string;
    /** The group's `job` label. */
    job: string;
  };
}

/** The pod in which netaccept runs. */
export interface OwnPod {
  namespace: string;
  /** Whose pod it is. */
  job?: { name: string; uid: string };
}
