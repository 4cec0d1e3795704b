// Reads a Jenkinsfile from standard input as Groovy does, and prints its steps `sh` as JSON: what jenkinsfile.ts is held
// against. Jenkins' own words are unknown to it: each is a method that runs the closures it is given.
import groovy.json.JsonOutput
import org.codehaus.groovy.control.CompilerConfiguration

class Pipeline {
  List steps = []
  List stages = ['']
  List bindings = []

  def methodMissing(String name, args) {
    if (name in ['usernamePassword', 'string', 'file'])
      return [kind: name, args: args[0].collectEntries { key, value -> [key, value.toString()] }]
    if (name == 'sh') steps << [stage: stages.last(), script: args[0].toString(), bindings: bindings.collect()]
    if (name == 'stage') stages << args[0]
    if (name == 'withCredentials') bindings.addAll(args[0])
    args.findAll { it instanceof Closure }.each { it.delegate = this; it.resolveStrategy = Closure.DELEGATE_FIRST; it() }
    if (name == 'withCredentials') args[0].each { bindings.remove(bindings.size() - 1) }
    if (name == 'stage') stages.remove(stages.size() - 1)
  }

  def propertyMissing(String name) { name == 'env' ? this : '${' + name + '}' }

  def propertyMissing(String name, value) {}
}

def pipeline = new Pipeline()
def configuration = new CompilerConfiguration(scriptBaseClass: 'groovy.util.DelegatingScript')
def script = new GroovyShell(this.class.classLoader, new Binding(), configuration).parse(System.in.newReader('UTF-8'))
script.setDelegate(pipeline)
script.run()
println JsonOutput.toJson(pipeline.steps)
