// The three queues: records in, drain tickets, response events out.
import { grant, principal } from 'types.bicep'
import { serviceBusDataReceiver, serviceBusDataSender } from 'roles.bicep'

param name string
param location string
param appPrincipalId string
param workspaceId string
param privateOnly bool

@description('Principals that may send to clockify-records.')
param producers principal[]

@description('Principals that may receive from clockify-responses.')
param consumers principal[]

resource namespace 'Microsoft.ServiceBus/namespaces@2026-01-01' = {
  name: name
  location: location
  // Only Premium has private endpoints.
  sku: { name: privateOnly ? 'Premium' : 'Standard', tier: privateOnly ? 'Premium' : 'Standard' }
  properties: {
    disableLocalAuth: true
    minimumTlsVersion: '1.2'
    publicNetworkAccess: privateOnly ? 'Disabled' : 'Enabled'
  }

  // The host does not renew the locks of batches, so the lock has the longest duration that Service Bus allows. Ingest takes seconds.
  // Bad messages go to the quarantine of the app. A message fails repeatedly only if storage is unavailable: the app reports each failure
  // after ten seconds, so 1000 deliveries take about three hours.
  // No duplicate detection: producers may use the id of an object as message id, and a second change of the object is not a duplicate.
  resource records 'queues' = {
    name: 'clockify-records'
    properties: {
      lockDuration: 'PT5M'
      maxDeliveryCount: 1000
      deadLetteringOnMessageExpiration: true
    }
  }

  // One ticket per invocation, and the host renews its lock. With a short lock, Service Bus delivers the ticket of a crashed process again soon.
  // Old tickets may expire, because the sweep sends new ones.
  resource drain 'queues' = {
    name: 'clockify-drain'
    properties: {
      lockDuration: 'PT1M'
      maxDeliveryCount: 10
      defaultMessageTimeToLive: 'P1D'
    }
  }

  // An event that is sent again after a crash has the same message id. Events that no consumer receives expire after two weeks,
  // because a full queue would stop all deliveries.
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

// Receiver and sender instead of Azure Service Bus Data Owner: the app cannot change, create or delete queues.
var receive grant = { holder: 'app', principal: { objectId: appPrincipalId }, roleId: serviceBusDataReceiver }
var send grant = { holder: 'app', principal: { objectId: appPrincipalId }, roleId: serviceBusDataSender }
var recordsGrants grant[] = concat([receive, send], map(producers, item => { holder: item.objectId, principal: item, roleId: serviceBusDataSender }))
var drainGrants grant[] = [receive, send]
var responsesGrants grant[] = concat([send], map(consumers, item => { holder: item.objectId, principal: item, roleId: serviceBusDataReceiver }))

resource recordsRoles 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for item in recordsGrants: {
  name: guid(namespace::records.id, item.holder, item.roleId)
  scope: namespace::records
  properties: {
    principalId: item.principal.objectId
    principalType: item.principal.?type ?? 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', item.roleId)
  }
}]

resource drainRoles 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for item in drainGrants: {
  name: guid(namespace::drain.id, item.holder, item.roleId)
  scope: namespace::drain
  properties: {
    principalId: item.principal.objectId
    principalType: item.principal.?type ?? 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', item.roleId)
  }
}]

resource responsesRoles 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for item in responsesGrants: {
  name: guid(namespace::responses.id, item.holder, item.roleId)
  scope: namespace::responses
  properties: {
    principalId: item.principal.objectId
    principalType: item.principal.?type ?? 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', item.roleId)
  }
}]

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
