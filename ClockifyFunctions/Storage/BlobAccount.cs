using System.Collections.Concurrent;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Storage.Blobs;
using ClockifyFunctions.Configuration;
using ClockifyFunctions.Telemetry;

namespace ClockifyFunctions.Storage;

/// <summary>The storage account with its containers, and a count of the storage transactions.</summary>
internal sealed class BlobAccount
{
    private readonly BlobServiceClient _service;
    private readonly TransactionCounter _counter = new();
    private Task? _containers;

    /// <param name="adjust">Changes the client options. Tests use it to replace the account by storage in memory.</param>
    public BlobAccount(AppSettings settings, Action<BlobClientOptions>? adjust = null)
    {
        // The responses of the service are small and fast. A short timeout with retries covers a restart of the storage
        // emulator and a partition that moves to another server.
        var options = new BlobClientOptions
        {
            Retry = { Mode = RetryMode.Exponential, Delay = TimeSpan.FromMilliseconds(200), MaxDelay = TimeSpan.FromSeconds(3), MaxRetries = 6, NetworkTimeout = TimeSpan.FromSeconds(10) },
        };
        adjust?.Invoke(options);
        options.AddPolicy(_counter, HttpPipelinePosition.PerRetry);
        options.AddPolicy(new ContainerCreation(this), HttpPipelinePosition.PerCall);
        _service = settings.StorageConnection is { Length: > 0 } connection
            ? new BlobServiceClient(connection, options)
            : new BlobServiceClient(settings.BlobServiceUri!, settings.StorageIdentity.Credential(), options);
    }

    /// <summary>Storage requests sent by this process since it started, retries included.</summary>
    public long Transactions => _counter.Count;

    /// <summary>The transactions by operation: append, lease, list, metadata, write, delete, read.</summary>
    public IReadOnlyDictionary<string, long> TransactionsByOperation => _counter.ByOperation;

    /// <summary>The part of <see cref="Transactions"/> that accesses gates.</summary>
    public long GateTransactions => _counter.GateCount;

    public BlobContainerClient Destinations => _service.GetBlobContainerClient("destinations");

    public BlobContainerClient Backlog => _service.GetBlobContainerClient("backlog");

    public BlobContainerClient Journal => _service.GetBlobContainerClient("journal");

    public BlobContainerClient Quarantine => _service.GetBlobContainerClient("quarantine");

    /// <summary>Lists of Clockify's objects, as they were when they were last read.</summary>
    public BlobContainerClient Lookups => _service.GetBlobContainerClient("lookups");

    /// <summary>Which object of Clockify each key of a synchronized destination stands for.</summary>
    public BlobContainerClient Links => _service.GetBlobContainerClient("links");

    public BlobContainerClient Gates => _service.GetBlobContainerClient("gates");

    private Task EnsureContainersAsync() => _containers is { IsFaulted: false, IsCanceled: false } made ? made : _containers = CreateContainersAsync();

    private async Task CreateContainersAsync()
    {
        foreach (var container in new[] { Destinations, Backlog, Journal, Quarantine, Lookups, Links, Gates })
            await container.CreateIfNotExistsAsync();
    }

    /// <summary>
    /// Creates the containers before the first request that needs one, once per process. It does not do so at start, because the start must be fast and must
    /// not depend on storage. In Azure the deployment has already created them.
    /// </summary>
    private sealed class ContainerCreation(BlobAccount account) : HttpPipelinePolicy
    {
        public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
        {
            var createsContainer = message.Request.Method == RequestMethod.Put && message.Request.Uri.Query.Contains("restype=container", StringComparison.Ordinal);
            if (!createsContainer) await account.EnsureContainersAsync();
            await ProcessNextAsync(message, pipeline);
        }

        public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) => throw new NotSupportedException("The app calls storage asynchronously only.");
    }

    private sealed class TransactionCounter : HttpPipelineSynchronousPolicy
    {
        private readonly ConcurrentDictionary<string, long> _byOperation = new(StringComparer.Ordinal);
        private long _gateCount;

        public long Count => _byOperation.Values.Sum();

        public long GateCount => Interlocked.Read(ref _gateCount);

        public IReadOnlyDictionary<string, long> ByOperation => _byOperation;

        public override void OnSendingRequest(HttpMessage message)
        {
            var operation = OperationOf(message.Request);
            _byOperation.AddOrUpdate(operation, 1, static (_, count) => count + 1);
            Instruments.StorageTransactions.Add(1, new KeyValuePair<string, object?>(Instruments.Operation, operation));
            if (message.Request.Uri.Path.Contains("/gates/", StringComparison.Ordinal) || message.Request.Uri.Path.StartsWith("gates/", StringComparison.Ordinal)) Interlocked.Increment(ref _gateCount);
        }

        /// <summary>Groups requests by price: appends and writes cost a write, lists cost as much as a write, reads, leases and metadata cost a twelfth, deletes are free.</summary>
        private static string OperationOf(Request request) => (request.Method.Method, request.Uri.Query) switch
        {
            ("GET", var query) when query.Contains("comp=list", StringComparison.Ordinal) => "list",
            ("PUT", var query) when query.Contains("comp=appendblock", StringComparison.Ordinal) => "append",
            ("PUT", var query) when query.Contains("comp=lease", StringComparison.Ordinal) => "lease",
            ("PUT", var query) when query.Contains("comp=metadata", StringComparison.Ordinal) => "metadata",
            ("PUT", _) => "write",
            ("DELETE", _) => "delete",
            _ => "read",
        };
    }
}
