using ClockifyFunctions.Tests.Support;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(ProcessesFirst))]

namespace ClockifyFunctions.Tests.Support;

/// <summary>Starts with the tests that start processes. They take longest and mostly wait, so the other tests run in parallel, and no long test runs alone at the end.</summary>
public sealed class ProcessesFirst : ITestCollectionOrderer
{
    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection => [.. testCollections.OrderBy(Rank)];

    /// <summary>Collections that share a stack first, then single classes that start a process, then all others.</summary>
    private static int Rank<TTestCollection>(TTestCollection collection)
        where TTestCollection : ITestCollection
    {
        if (collection.Traits.TryGetValue(Categories.Name, out var categories) && categories.Contains(Categories.Process)) return 0;
        return OwnClassOf(collection) is { } type && type.GetCustomAttributes(typeof(TraitAttribute), inherit: true).Cast<TraitAttribute>().Any(trait => trait.Value == Categories.Process) ? 1 : 2;
    }

    /// <summary>The class of a collection that consists of one class.</summary>
    private static Type? OwnClassOf(ITestCollection collection)
    {
        const string prefix = "Test collection for ";
        var name = collection.TestCollectionDisplayName;
        return name.StartsWith(prefix, StringComparison.Ordinal) ? typeof(ProcessesFirst).Assembly.GetType(name[prefix.Length..].Split(' ')[0]) : null;
    }
}
