// The three queues: records in, drain tickets, response events out.
param name string
param location string
param appPrincipalId string
param workspaceId string
param privateOnly bool

resource namespace 'Microsoft.ServiceBus/namespaces@2026-01-01' = {
  name: name
  location: location
  sku: { name: privateOnly ? 'Premium' : 'Standard', tier: privateOnly ? 'Premium' : 'Standard' }
  properties: {
    disableLocalAuth: true
    minimumTlsVersion: '1.2'
    publicNetworkAccess: privateOnly ? 'Disabled' : 'Enabled'
  }

  // Batches: the host does not renew their locks, so the lock is as long as it can be. Ingest takes seconds.
  // Bad messages go to the app's quarantine; what is delivered again and again waits for storage, ten seconds each time: three hours and more.
  // No duplicate detection: producers may use an object's id as the message id, and its second change is no duplicate.
  resource records 'queues' = {
    name: 'clockify-records'
    properties: {
      lockDuration: 'PT5M'
      maxDeliveryCount: 1000
      deadLetteringOnMessageExpiration: true
    }
  }

  // One ticket per invocation, its lock renewed by the host. A short lock gives the ticket of a dead process to another soon.
  // A ticket is only a hint, and the sweep makes new ones: an old one may go.
  resource drain 'queues' = {
    name: 'clockify-drain'
    properties: {
      lockDuration: 'PT1M'
      maxDeliveryCount: 10
      defaultMessageTimeToLive: 'P1D'
    }
  }

  // An event that is repeated after a crash has the same message id. Events that nobody fetches end after two weeks:
  // a full queue would stop the drains.
  resource responses 'queues' = {
    name: 'clockify-responses'
    properties: {
      lockDuration: 'PT1M'
      maxDeliveryCount: 10
      requiresDuplicateDetection: true
      duplicateDetectionHistoryTimeWindow: 'PT1H'
      defaultMessageTimeToLive: 'P14D'
    }
  }
}

// Azure Service Bus Data Owner on the two queues that trigger: receive and send, and the right to count what waits, which
// the scale controller needs (Data Receiver may not count).
var serviceBusDataOwner = '090c5cfd-751d-490a-894a-3ce6f1109419'

// Azure Service Bus Data Sender on the queue that the app only sends to.
var serviceBusDataSender = '69a216fc-b8fb-44d8-bc22-1f3c2cd27a39'

resource ownRecords 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(namespace::records.id, 'app', serviceBusDataOwner)
  scope: namespace::records
  properties: {
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', serviceBusDataOwner)
  }
}

resource ownDrain 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(namespace::drain.id, 'app', serviceBusDataOwner)
  scope: namespace::drain
  properties: {
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', serviceBusDataOwner)
  }
}

resource sendResponses 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(namespace::responses.id, 'app', serviceBusDataSender)
  scope: namespace::responses
  properties: {
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', serviceBusDataSender)
  }
}

resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'workspace'
  scope: namespace
  properties: {
    workspaceId: workspaceId
    logs: [{ category: 'OperationalLogs', enabled: true }]
    metrics: [{ category: 'AllMetrics', enabled: true }]
  }
}

output id string = namespace.id
output name string = namespace.name
