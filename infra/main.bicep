// Everything ClockifyFunctions runs on, in one resource group. No keys: the app proves itself by its identity.
targetScope = 'resourceGroup'

import { credential } from 'modules/types.bicep'

@description('Start of every name; a hash of the resource group follows where a name must be unique in the world.')
@minLength(2)
@maxLength(11)
param name string = 'clockify'

param location string = resourceGroup().location

@description('One for each Clockify API key. The keys themselves are put into the vault by deploy.sh.')
@minLength(1)
param credentials credential[] = [{ name: 'default' }]

@description('How long one drain may run, hh:mm:ss. Below the lock renewal of host.json (6 minutes), and that below functionTimeout.')
param drainTimeBudget string = '00:04:00'

@description('How long a dead process keeps the gate of a key closed, 00:00:15 to 00:01:00.')
param gateLeaseDuration string = '00:00:15'

@description('How often lost drain tickets are made up for: an NCRONTAB expression with seconds.')
param sweepSchedule string = '0 * * * * *'

@description('Where traces, metrics and logs go by OTLP, besides Application Insights; empty: nowhere else.')
param otlpEndpoint string = ''

@description('Storage, vault and Service Bus answer only inside a virtual network. Makes the Service Bus namespace Premium, because Standard has no private endpoints.')
param privateNetworking bool = false

@description('Object id of the person or pipeline that puts API keys into the vault; empty if somebody else grants that.')
param keyWriterObjectId string = ''

@description('Where alerts go; empty: they show in the portal only.')
param alertEmail string = ''

@description('Instances of each function group that may run at a time. A busy key needs one running drain, whatever the number of instances.')
@minValue(40)
@maxValue(1000)
param maximumInstances int = 40

var unique = uniqueString(resourceGroup().id, name)

module identity 'modules/identity.bicep' = {
  params: { name: '${name}-app', location: location }
}

module monitoring 'modules/monitoring.bicep' = {
  params: { name: name, location: location, appPrincipalId: identity.outputs.principalId }
}

module network 'modules/network.bicep' = if (privateNetworking) {
  params: { name: name, location: location }
}

module storage 'modules/storage.bicep' = {
  params: {
    name: take('${replace(name, '-', '')}${unique}', 24)
    location: location
    appPrincipalId: identity.outputs.principalId
    workspaceId: monitoring.outputs.workspaceId
    privateOnly: privateNetworking
  }
}

module vault 'modules/vault.bicep' = {
  params: {
    name: take('${name}-${unique}', 24)
    location: location
    appPrincipalId: identity.outputs.principalId
    keyWriterObjectId: keyWriterObjectId
    workspaceId: monitoring.outputs.workspaceId
    privateOnly: privateNetworking
  }
}

module bus 'modules/servicebus.bicep' = {
  params: {
    name: '${name}-${unique}'
    location: location
    appPrincipalId: identity.outputs.principalId
    workspaceId: monitoring.outputs.workspaceId
    privateOnly: privateNetworking
  }
}

module endpoints 'modules/endpoints.bicep' = if (privateNetworking) {
  params: {
    name: name
    location: location
    networkId: network.?outputs.?networkId ?? ''
    subnetId: network.?outputs.?endpointSubnetId ?? ''
    storageId: storage.outputs.id
    vaultId: vault.outputs.id
    busId: bus.outputs.id
  }
}

module app 'modules/app.bicep' = {
  params: {
    name: '${name}-${unique}'
    location: location
    identityId: identity.outputs.id
    clientId: identity.outputs.clientId
    storageName: storage.outputs.name
    vaultName: vault.outputs.name
    busName: bus.outputs.name
    insightsConnectionString: monitoring.outputs.connectionString
    workspaceId: monitoring.outputs.workspaceId
    subnetId: network.?outputs.?appSubnetId ?? ''
    credentials: credentials
    drainTimeBudget: drainTimeBudget
    gateLeaseDuration: gateLeaseDuration
    sweepSchedule: sweepSchedule
    otlpEndpoint: otlpEndpoint
    maximumInstances: maximumInstances
  }
}

module alerts 'modules/alerts.bicep' = {
  params: {
    name: name
    location: location
    email: alertEmail
    workspaceId: monitoring.outputs.workspaceId
    busId: bus.outputs.id
  }
}

module workbook 'modules/workbook.bicep' = {
  params: { name: name, location: location, workspaceId: monitoring.outputs.workspaceId }
}

output appName string = app.outputs.name
output vaultName string = vault.outputs.name
output consoleUrl string = 'https://${app.outputs.hostName}/api/console'
