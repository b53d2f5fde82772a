using System.Diagnostics;
using System.Globalization;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Specialized;
using ClockifyFunctions.LocalHost.ClockifySimulator;

namespace ClockifyFunctions.Benchmarks.Gate;

/// <summary>One process of a baseline. It prints the number of its storage transactions.</summary>
internal static class BaselineWorker
{
    private const int Permits = 10;

    /// <param name="args"><c>worker NAME SIMULATOR STORAGE SECONDS</c></param>
    public static async Task<int> RunAsync(string[] args)
    {
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Add("X-Api-Key", Seed.AdaKey);
        var user = new Uri($"{args[2]}/user");
        var clock = Stopwatch.StartNew();
        var limit = TimeSpan.FromSeconds(int.Parse(args[4], CultureInfo.InvariantCulture));
        var transactions = args[1] == "baseline-local-bucket"
            ? await LocalBucketAsync(http, user, clock, limit)
            : await PartitionLeasesAsync(http, user, args[3], clock, limit);
        Console.Write(transactions);
        return 0;
    }

    /// <summary>Each process has a token bucket with the complete limit. This is correct for one process only.</summary>
    private static async Task<long> LocalBucketAsync(HttpClient http, Uri user, Stopwatch clock, TimeSpan limit)
    {
        for (var call = 0; clock.Elapsed < limit; call++)
        {
            var due = TimeSpan.FromSeconds(call / (double)Permits);
            if (due > clock.Elapsed) await Task.Delay(due - clock.Elapsed);
            using var answer = await http.GetAsync(user);
        }

        return 0;
    }

    /// <summary>
    /// The Rate Limiting pattern of the Azure Architecture Center: the limit is divided into partitions of one call per second. Each partition is a blob
    /// with a lease of 15 s, which is neither renewed nor released. A process sends one call per second for each partition that it holds.
    /// </summary>
    private static async Task<long> PartitionLeasesAsync(HttpClient http, Uri user, string storage, Stopwatch clock, TimeSpan limit)
    {
        var lease = TimeSpan.FromSeconds(15);
        var container = new BlobServiceClient(storage).GetBlobContainerClient("partitions");
        await container.CreateIfNotExistsAsync();
        var transactions = 1L;
        var held = new Dictionary<int, TimeSpan>();
        var due = clock.Elapsed;
        while (clock.Elapsed < limit)
        {
            foreach (var ended in held.Where(entry => entry.Value <= clock.Elapsed).Select(entry => entry.Key).ToArray()) held.Remove(ended);
            if (held.Count < Permits)
            {
                var partition = Random.Shared.Next(Permits);
                var asked = clock.Elapsed;
                transactions++;
                if (!held.ContainsKey(partition) && await TryLeaseAsync(container.GetBlobClient($"{partition}"), lease)) held[partition] = asked + lease;
            }

            if (held.Count == 0)
            {
                await Task.Delay(100);
                due = clock.Elapsed;
                continue;
            }

            using var answer = await http.GetAsync(user);
            due += TimeSpan.FromSeconds(1.0 / held.Count);
            if (due > clock.Elapsed) await Task.Delay(due - clock.Elapsed);
        }

        return transactions;
    }

    private static async Task<bool> TryLeaseAsync(BlobClient blob, TimeSpan lease)
    {
        try
        {
            if (!await blob.ExistsAsync()) await blob.UploadAsync(BinaryData.Empty);
            await blob.GetBlobLeaseClient().AcquireAsync(lease);
            return true;
        }
        catch (RequestFailedException held) when (held.Status is 409 or 412)
        {
            return false;
        }
    }
}
