using ClockifyFunctions.Tests.Benchmarks;
using ClockifyFunctions.Tests.Browser;
using ClockifyFunctions.Tests.EndToEnd;
using ClockifyFunctions.Tests.Support;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(ProcessesFirst))]

namespace ClockifyFunctions.Tests.Support;

/// <summary>Starts with the tests that start processes, the longest first. They mostly wait, so the other tests run in parallel, and no long test runs alone at the end.</summary>
public sealed class ProcessesFirst : ITestCollectionOrderer
{
    /// <summary>The classes and collections that take more than half a minute, longest first.</summary>
    private static readonly string[] Longest = [nameof(ConsoleDeliveryTests), nameof(ConsoleSetupTests), InstancesStackCollection.Name, nameof(PublishedAppTests), nameof(ChaosBenchTests), ApiStackCollection.Name, AzuriteCollection.Name, nameof(HostileBenchTests), nameof(GateBenchTests)];

    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection => [.. testCollections.OrderBy(Rank)];

    private static int Rank<TTestCollection>(TTestCollection collection)
        where TTestCollection : ITestCollection
    {
        var type = OwnClassOf(collection);
        var place = Array.IndexOf(Longest, type?.Name ?? collection.TestCollectionDisplayName);
        if (place >= 0) return place;
        return StartsProcesses(type) ? Longest.Length : Longest.Length + 1;
    }

    private static bool StartsProcesses(Type? type) => type is not null && type.GetCustomAttributes(typeof(TraitAttribute), inherit: true).Cast<TraitAttribute>().Any(trait => trait.Value == Categories.Process);

    /// <summary>The class of a collection that consists of one class.</summary>
    private static Type? OwnClassOf(ITestCollection collection)
    {
        const string prefix = "Test collection for ";
        var name = collection.TestCollectionDisplayName;
        return name.StartsWith(prefix, StringComparison.Ordinal) ? typeof(ProcessesFirst).Assembly.GetType(name[prefix.Length..].Split(' ')[0]) : null;
    }
}
