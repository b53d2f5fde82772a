// Alerts that need an action of a person. The first two use metrics of Service Bus, the others use metrics of the app.
param name string
param location string
param email string
param workspaceId string
param busId string

var groups = empty(email) ? [] : [people.id]

resource people 'Microsoft.Insights/actionGroups@2023-01-01' = if (!empty(email)) {
  name: '${name}-people'
  location: 'global'
  properties: {
    groupShortName: take(name, 12)
    enabled: true
    emailReceivers: [{ name: 'email', emailAddress: email, useCommonAlertSchema: true }]
  }
}

resource deadLetters 'Microsoft.Insights/metricAlerts@2026-01-01' = {
  name: '${name}-dead-letters'
  location: 'global'
  properties: {
    description: 'Service Bus moved a message to the dead-letter queue after its last delivery. Read its dead-letter reason, correct the cause, and move the message back to its queue.'
    severity: 2
    enabled: true
    scopes: [busId]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT5M'
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          name: 'dead letters'
          criterionType: 'StaticThresholdCriterion'
          metricNamespace: 'Microsoft.ServiceBus/namespaces'
          metricName: 'DeadletteredMessages'
          dimensions: [{ name: 'EntityName', operator: 'Include', values: ['clockify-records', 'clockify-drain'] }]
          operator: 'GreaterThan'
          threshold: 0
          timeAggregation: 'Maximum'
        }
      ]
    }
    actions: [for group in groups: { actionGroupId: group }]
  }
}

// Ingest takes seconds and calls no API. Messages stay in its queue only if the app does not run or storage refuses its writes.
resource waiting 'Microsoft.Insights/metricAlerts@2026-01-01' = {
  name: '${name}-records-wait'
  location: 'global'
  properties: {
    description: 'Messages have waited in clockify-records for 15 minutes: the app does not run, or it cannot reach its storage. GET /api/health/ready shows which.'
    severity: 1
    enabled: true
    scopes: [busId]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT15M'
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          name: 'waiting messages'
          criterionType: 'StaticThresholdCriterion'
          metricNamespace: 'Microsoft.ServiceBus/namespaces'
          metricName: 'ActiveMessages'
          dimensions: [{ name: 'EntityName', operator: 'Include', values: ['clockify-records'] }]
          operator: 'GreaterThan'
          threshold: 0
          timeAggregation: 'Minimum'
        }
      ]
    }
    actions: [for group in groups: { actionGroupId: group }]
  }
}

var queries = [
  {
    name: 'quarantine'
    severity: 2
    description: 'More than 10 records went to the quarantine within 15 minutes. GET /api/quarantine/{destination} lists them with their reasons.'
    query: 'AppMetrics | where Name == "clockify.quarantine.entries" | summarize value = sum(Sum) by destination = tostring(Properties["clockify.destination"])'
    threshold: 10
  }
  {
    name: 'backlog-age'
    severity: 2
    description: 'The oldest waiting record of an active destination is older than 15 minutes: more records arrive than the limit of the key allows to send, or the API is unavailable.'
    query: 'AppMetrics | where Name == "clockify.backlog.age" | summarize value = max(Max) by destination = tostring(Properties["clockify.destination"])'
    threshold: 900
  }
  {
    name: 'credential-suspended'
    severity: 1
    description: 'Clockify refuses an API key, or no usable key is stored, so the app suspended its deliveries. GET /api/credentials shows the reason. Replace the key: in the console for a managed credential, otherwise in the vault, and then restart the app. A new key is tried at once. If Clockify accepts the old key again, POST /api/credentials/{name}/resume.'
    query: 'AppMetrics | where Name == "clockify.credential.suspended" | summarize value = max(Max) by credential = tostring(Properties["clockify.credential"])'
    threshold: 0
  }
]

resource alerts 'Microsoft.Insights/scheduledQueryRules@2026-03-01' = [for item in queries: {
  name: '${name}-${item.name}'
  location: location
  properties: {
    displayName: '${name}-${item.name}'
    description: item.description
    severity: item.severity
    enabled: true
    scopes: [workspaceId]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT15M'
    // The table does not exist before the first metric arrives.
    skipQueryValidation: true
    criteria: {
      allOf: [
        {
          query: item.query
          metricMeasureColumn: 'value'
          timeAggregation: 'Maximum'
          operator: 'GreaterThan'
          threshold: item.threshold
          failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 }
        }
      ]
    }
    actions: { actionGroups: groups }
    autoMitigate: true
  }
}]
