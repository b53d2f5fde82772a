using 'main.bicep'

// One entry for each Clockify API key. All members except the name have defaults.
param credentials = [
  {
    name: 'default'
    limits: '10/00:00:01'
  }
]

// Object ids of the identities that send records and receive response events, for example:
// param producers = [{ objectId: '00000000-0000-0000-0000-000000000000' }]
param producers = []
param consumers = []

param alertEmail = ''
param privateNetworking = false
