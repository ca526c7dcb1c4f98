// A stand-in of the Jenkins steps that our Jenkinsfile uses: `sh` really runs, the rest is written down.
// Arguments: the Jenkinsfile, then NAME=value for each parameter that is given. Prints the build as JSON.
import groovy.json.JsonOutput
import org.codehaus.groovy.control.CompilerConfiguration

abstract class Pipeline extends Script {
  def build = [result: 'SUCCESS', said: [], junit: [], archived: [], agent: null]
  def variables = [:]
  def given = [:]

  def worse(String result) {
    def order = ['SUCCESS', 'UNSTABLE', 'FAILURE']
    if (order.indexOf(result) > order.indexOf(build.result)) build.result = result
  }

  def inside(Closure body) {
    body.delegate = this
    body.resolveStrategy = Closure.DELEGATE_FIRST
    body()
  }

  // Containers: what Jenkins reads in this order anyway.
  def pipeline(Closure body) { inside(body) }
  def parameters(Closure body) { inside(body) }
  def stages(Closure body) { inside(body) }
  def stage(String name, Closure body) { inside(body) }
  def script(Closure body) { inside(body) }
  def post(Closure body) { inside(body) }
  def always(Closure body) { inside(body) }
  def agent(label) { build.agent = label }
  def getAny() { 'any' }

  def choice(Map it) { variables[it.name] = given[it.name] ?: it.choices[0] }
  def string(Map it) { variables[it.name] = given[it.name] ?: it.defaultValue }

  def steps(Closure body) {
    // What follows a failed step is not run, but `post` is.
    try { inside(body) } catch (Failure failure) { worse('FAILURE'); build.said << failure.message }
  }
  def withCredentials(List bindings, Closure body) {
    bindings.each { variables[it.variable] = given[it.credentialsId] }
    inside(body)
  }
  def file(Map it) { it }
  def sh(Map it) {
    def builder = new ProcessBuilder('sh', '-xe', '-c', it.script).redirectErrorStream(true)
    variables.each { name, value -> if (value != null) builder.environment()[name] = value }
    def process = builder.start()
    // To stderr: stdout is for the build alone.
    System.err << process.inputStream
    def code = process.waitFor()
    if (!it.returnStatus && code != 0) throw new Failure("script returned exit code ${code}")
    code
  }
  def unstable(String message) { worse('UNSTABLE'); build.said << message }
  def error(String message) { throw new Failure(message) }
  def junit(Map it) { build.junit << it }
  def archiveArtifacts(Map it) { build.archived << it }
}

class Failure extends RuntimeException { Failure(String message) { super(message) } }

def configuration = new CompilerConfiguration(scriptBaseClass: Pipeline.name)
def script = new GroovyShell(this.class.classLoader, new Binding(), configuration).parse(new File(args[0]))
args.drop(1).each { def (name, value) = it.split('=', 2); script.given[name] = value }
script.run()
println JsonOutput.toJson(script.build)
