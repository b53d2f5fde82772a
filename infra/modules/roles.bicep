// The ids of the built-in Azure roles that this deployment assigns. `deploy.sh --grant` permits a service principal to assign and remove these roles and no others.

@export()
@description('Storage Blob Data Reader: read blobs.')
var storageBlobDataReader = '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1'

@export()
@description('Storage Blob Data Contributor: read, write and delete blobs, use leases, create containers.')
var storageBlobDataContributor = 'ba92f5b4-2d11-453d-a403-e96b0029c9fe'

@export()
@description('Storage Blob Data Owner: the role that the documentation of the Functions host requires on AzureWebJobsStorage.')
var storageBlobDataOwner = 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'

@export()
@description('Azure Service Bus Data Receiver: receive and settle messages, read the description of a queue.')
var serviceBusDataReceiver = '4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0'

@export()
@description('Azure Service Bus Data Sender: send messages.')
var serviceBusDataSender = '69a216fc-b8fb-44d8-bc22-1f3c2cd27a39'

@export()
@description('Key Vault Secrets User: read the values of secrets.')
var keyVaultSecretsUser = '4633458b-17de-408a-b874-0445c86b69e6'

@export()
@description('Key Vault Secrets Officer: read, write and delete secrets.')
var keyVaultSecretsOfficer = 'b86a8fe4-44ce-4948-aee5-eccb2c155cd7'

@export()
@description('Monitoring Metrics Publisher: send telemetry. It does not allow reading telemetry.')
var monitoringMetricsPublisher = '3913510d-42f4-4e42-8a64-420c390055eb'
