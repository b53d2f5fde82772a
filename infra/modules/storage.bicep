// One account for the app's blobs, the host's own state and the deployed package.
param name string
param location string
param appPrincipalId string
param workspaceId string
param privateOnly bool

resource account 'Microsoft.Storage/storageAccounts@2026-04-01' = {
  name: name
  location: location
  kind: 'StorageV2'
  sku: { name: 'Standard_ZRS' }
  properties: {
    allowSharedKeyAccess: false
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    publicNetworkAccess: privateOnly ? 'Disabled' : 'Enabled'
    networkAcls: { defaultAction: privateOnly ? 'Deny' : 'Allow', bypass: 'None' }
  }

  resource blobs 'blobServices' = {
    name: 'default'
    properties: {
      // A mistake can be taken back for a week. No versioning: every append and every lease renewal would make one.
      containerDeleteRetentionPolicy: { enabled: true, days: 7 }
    }

    // The app would make its own on first use; made here, they are there before it runs.
    resource containers 'containers' = [for container in ['destinations', 'backlog', 'journal', 'quarantine', 'gates', 'packages']: {
      name: container
      properties: { publicAccess: 'None' }
    }]
  }
}

// Storage Blob Data Owner: what the Functions host asks for on AzureWebJobsStorage. It includes what the app needs (Contributor:
// read, write and delete blobs, leases, create containers) and what Flex Consumption needs to fetch the package.
var storageBlobDataOwner = 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'

resource own 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(account.id, 'app', storageBlobDataOwner)
  scope: account
  properties: {
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', storageBlobDataOwner)
  }
}

// Reads and writes are left out: each is a line, and there are thousands an hour. Metrics count them.
resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'workspace'
  scope: account::blobs
  properties: {
    workspaceId: workspaceId
    logs: [{ category: 'StorageDelete', enabled: true }]
    metrics: [{ category: 'Transaction', enabled: true }]
  }
}

output id string = account.id
output name string = account.name
