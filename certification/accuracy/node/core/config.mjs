// The partner config that everything runs with unless an entry of the catalogue or --config says otherwise.

import { readFileSync } from 'node:fs';

export const ALL_ENDPOINTS = {
  connect_path: '/connect',
  delete_connection_path: '/delete-connection',
  test_connection_path: '/test-connection',
  delete_account_path: '/delete-account',
  expire_account_path: '/expire-account',
};

export const INGEST = {
  category: 'INGEST',
  endpoints: { ...ALL_ENDPOINTS, get_connectors_path: '/connectors' },
};

export const DEFAULT_CONFIG = {
  api_version: '2.2.0',
  name: 'Node Measuring Partner',
  description_blurb: 'A partner that is right, or wrong in exactly one way',
  category: 'BI_AND_VIZ',
  base_url: 'http://localhost:8080',
  endpoints: ALL_ENDPOINTS,
  sign_up_page: 'http://localhost:8080/portal/create_trial',
  privacy_policy: 'http://localhost:8080/portal/privacy',
  terms_of_service: 'http://localhost:8080/portal/terms',
  logo_file: 'logo.svg',
  icon_file: 'icon.svg',
  resources_to_provision: [{ resource_type: 'SqlEndpoint' }, { resource_type: 'PAT' }, { resource_type: 'DestLocation' }],
  data_permissions: [{ permission: 'SELECT' }, { permission: 'USAGE' }],
  object_permissions: [{ name: 'Token', level: 'CAN_USE' }, { name: 'SQL_Endpoint', level: 'CAN_USE' }],
  supported_clouds: ['aws', 'azure', 'gcp'],
  hostnames: ['localhost'],
  new_user_action: 'auto_add',
  require_manual_signup: false,
  trial_type: 'user',
  supports_demo: true,
};

export const CLUSTER = {
  resources_to_provision: [{ resource_type: 'InteractiveCluster' }, { resource_type: 'PAT' }],
};

/** Overrides replace whole top-level keys, as the catalogue's readers are told. */
export const withOverrides = (overrides = {}) => ({ ...DEFAULT_CONFIG, ...overrides });

export const readConfig = (file) => JSON.parse(readFileSync(file, 'utf8'));
